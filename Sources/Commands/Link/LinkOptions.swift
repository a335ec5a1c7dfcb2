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

    @Option(
        help: ArgumentHelp(
            "The share of packets lost in bursts, and the bursts' mean length in packets, such as 0.05:3.",
            valueName: "share:length"))
    var burstLoss: BurstLossOption?

    @Option(
        help: "The share of packets lost by chance on the way back, 0 to 1: reports, from an agent's view.")
    var reportLoss = 0.0

    @Option(help: "The delay one way, without the queue.")
    var delayMs = 0

    @Option(
        help:
            "How much the delay varies from packet to packet: the deviation of a Gaussian cut at three of it."
    )
    var jitterMs = 0.0

    @Option(help: "The share of packets held back while later ones overtake them, 0 to 1.")
    var reorder = 0.0

    @Option(help: "For how long such a packet is held back.")
    var reorderMs = 30

    @Option(help: "How long the queue may get at the present rate.")
    var queueMs = 500

    func validate() throws {
        guard [rate, schedule, trace].count(where: { $0 != nil }) <= 1 else {
            throw ValidationError("give one of --rate, --schedule and --trace")
        }
        for (name, share) in [("loss", loss), ("report-loss", reportLoss), ("reorder", reorder)]
        where !(0...1).contains(share) {
            throw ValidationError("--\(name): \(share) is not in 0...1")
        }
        guard (0...10_000).contains(jitterMs) else {
            throw ValidationError("--jitter-ms: \(jitterMs) is not in 0...10000")
        }
        guard (0...60_000).contains(reorderMs) else {
            throw ValidationError("--reorder-ms: \(reorderMs) is not in 0...60000")
        }
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

    /// The way back: the delay with its jitter, and the reports' loss.
    var wayBack: LinkModel.Configuration {
        var configuration = LinkModel.Configuration.unlimited(
            delay: .milliseconds(delayMs), lossProbability: reportLoss)
        configuration.jitterDeviation = jitterDeviation
        return configuration
    }

    private var jitterDeviation: Duration { .microseconds(Int64(jitterMs * 1_000)) }

    /// The link as described; reads the trace file.
    func modelConfiguration() throws -> LinkModel.Configuration {
        var configuration = LinkModel.Configuration(
            capacity: try capacity(),
            propagationDelay: .milliseconds(delayMs),
            lossProbability: loss,
            queueLimit: .time(.milliseconds(queueMs)))
        configuration.burstLoss = burstLoss?.loss
        configuration.jitterDeviation = jitterDeviation
        configuration.reorderProbability = reorder
        configuration.reorderDelay = .milliseconds(reorderMs)
        return configuration
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
