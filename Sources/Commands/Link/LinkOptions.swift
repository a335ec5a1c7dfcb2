import ArgumentParser
import LinkSimulation

/// The options that describe a link's capacity, delay, loss and queue.
struct LinkOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A constant rate, such as 200kbit/s.", valueName: "rate"))
    var rate: String?

    @Option(
        help: ArgumentHelp("Rates over time, such as \"0s=2Mbit/s,10s=20kbit/s\".", valueName: "schedule"))
    var schedule: String?

    @Option(help: ArgumentHelp("A recorded link in mahimahi's format; it repeats.", valueName: "file"))
    var trace: String?

    @Option(help: "Scales the size of each of the trace's transmission opportunities.")
    var traceScale = 1.0

    @Option(help: "The share of packets lost by chance, 0 to 1.")
    var loss = 0.0

    @Option(help: "The delay one way, without the queue.")
    var delayMs = 0

    @Option(help: "How long the queue may get at the present rate.")
    var queueMs = 500

    func validate() throws {
        guard [rate, schedule, trace].count(where: { $0 != nil }) <= 1 else {
            throw ValidationError("give one of --rate, --schedule and --trace")
        }
        guard (0...1).contains(loss) else { throw ValidationError("--loss: \(loss) is not in 0...1") }
        guard (0...60_000).contains(delayMs) else {
            throw ValidationError("--delay-ms: \(delayMs) is not in 0...60000")
        }
        guard (0...600_000).contains(queueMs) else {
            throw ValidationError("--queue-ms: \(queueMs) is not in 0...600000")
        }
        do {
            if let rate { _ = try RateSchedule.rate(parsing: rate) }
            if let schedule { _ = try RateSchedule(parsing: schedule) }
        } catch {
            throw ValidationError("\(schedule == nil ? "--rate" : "--schedule"): \(error)")
        }
    }

    /// Whether a rate, schedule or trace is given.
    var hasCapacity: Bool { rate != nil || schedule != nil || trace != nil }

    /// The way back: the delay alone.
    var wayBack: LinkModel.Configuration {
        LinkModel.Configuration(
            capacity: .schedule(RateSchedule(constant: RateSchedule.maximumRate)),
            propagationDelay: .milliseconds(delayMs))
    }

    /// The link as described; reads the trace file.
    func modelConfiguration() throws -> LinkModel.Configuration {
        LinkModel.Configuration(
            capacity: try capacity(),
            propagationDelay: .milliseconds(delayMs),
            lossProbability: loss,
            queueLimit: .time(.milliseconds(queueMs)))
    }

    private func capacity() throws -> LinkCapacity {
        if let schedule { return .schedule(try RateSchedule(parsing: schedule)) }
        if let rate { return .schedule(RateSchedule(constant: try RateSchedule.rate(parsing: rate))) }
        guard let trace else { return .schedule(RateSchedule(constant: RateSchedule.maximumRate)) }
        let bytes = try Files.read(trace, limit: 256 << 20)
        do {
            return .trace(try LinkTrace(parsing: bytes, scale: traceScale))
        } catch {
            throw CommandFailure(path: trace, error)
        }
    }
}
