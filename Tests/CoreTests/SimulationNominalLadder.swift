import AgentCore
import LinkControl
import LinkSimulation
import WireFormat

/// A sender of frames at nominal rates over a link, in steps of a millisecond, to try a controller without any codec:
/// a frame each 50 ms at the dearest of 12 rungs, 10 kbit/s times powers of two, that fits the controller's rate.
struct NominalLadder {
    /// What a run measured.
    struct Figures {
        /// The mean number, 1 to 12, of the finest rung of which all packets were in time; 0 for none.
        var quality = 0.0
        /// The share of frames of which every packet was in time, in per cent.
        var onTime = 0.0
        /// Of frames that arrived, in milliseconds.
        var p95 = 0.0
        var switches = 0
    }

    private struct Frame {
        let start: Int
        let rung: Int
        /// When each packet arrived; nil for not at all.
        var arrivals: [Int?]
    }

    private struct Packet {
        let frame: Int
        let part: Int
        let bytes: Int
    }

    static let overhead = 56
    static let payload = 1_200
    static let period = 50
    static let deadline = 200
    static let delay = 25
    static let rungs = 12

    /// Bytes of a frame at a rung from 1 on.
    static func bytes(_ rung: Int) -> Int { 10_000 * (1 << (rung - 1)) * period / 8_000 }
    static func packets(_ rung: Int) -> Int { (bytes(rung) + payload - 1) / payload }
    static func wireBytes(_ rung: Int) -> Int { bytes(rung) + packets(rung) * overhead }

    private var link: LinkModel
    private var controller: (any RateController)?
    private var frames: [Frame] = []
    private var sent: [Packet] = []
    private var waiting: [Packet] = []
    private var pacerFree = 0.0
    private var outbound = TransitQueue<Int>()
    private var inbound = TransitQueue<Report>()
    private var arrived: [UInt32: Int] = [:]
    private var newest: UInt32?

    init(trace: LinkTrace, control: SimulationConfiguration.Control?) {
        let start = Self.instant(0)
        link = LinkModel(
            configuration: .init(
                capacity: .trace(trace), propagationDelay: .milliseconds(Int64(Self.delay)),
                queueLimit: .bytes(500_000)),
            origin: start, seed: 1)
        let configuration = LinkConfiguration(
            initialRate: .kilobitsPerSecond(100), minimumRate: .kilobitsPerSecond(10),
            maximumRate: .megabitsPerSecond(30), basePacketBytes: Self.wireBytes(1))
        controller = control.map { $0.makeController(configuration, start) }
    }

    private static func instant(_ milliseconds: Int) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 1_000_000_000 + Int64(milliseconds) * 1_000_000)
    }

    /// Runs; without a controller every frame is at the cheapest rung.
    mutating func run(seconds: Int) -> Figures {
        for time in 0..<seconds * 1_000 + 60_000 {
            let now = Self.instant(time)
            while let number = outbound.popDue(now) { arrive(number, time: time) }
            while let report = inbound.popDue(now) { controller?.received(report, now: now) }
            controller?.advance(to: now)
            if time.isMultiple(of: Self.period), time < seconds * 1_000 { offerFrame(time: time) }
            pace(time: time)
            if time.isMultiple(of: 50) { report(time: time) }
        }
        return figures()
    }

    private var rate: Double { controller?.rate.bitsPerSecond ?? 10_000 }

    private mutating func offerFrame(time: Int) {
        let budget = rate * Double(Self.period) / 8_000
        let rung = (2...Self.rungs).last { Double(Self.wireBytes($0)) <= budget } ?? 1
        let count = Self.packets(rung)
        for part in 0..<count {
            let bytes = min(Self.payload, Self.bytes(rung) - part * Self.payload) + Self.overhead
            waiting.append(Packet(frame: frames.count, part: part, bytes: bytes))
        }
        frames.append(Frame(start: time, rung: rung, arrivals: Array(repeating: nil, count: count)))
    }

    /// Sends at two and a half times the rate.
    private mutating func pace(time: Int) {
        var taken = 0
        for packet in waiting where controller == nil || pacerFree <= Double(time) {
            pacerFree = max(pacerFree, Double(time)) + Double(packet.bytes) * 8_000 / (2.5 * rate)
            let now = Self.instant(time)
            controller?.packetSent(UInt32(sent.count), bytes: packet.bytes, now: now)
            if case .delivered(let due) = link.enqueue(bytes: packet.bytes, at: now) {
                outbound.insert(sent.count, due: due)
            }
            sent.append(packet)
            taken += 1
        }
        waiting.removeFirst(taken)
    }

    private mutating func arrive(_ number: Int, time: Int) {
        frames[sent[number].frame].arrivals[sent[number].part] = time
        arrived[UInt32(number)] = time
        newest = max(newest ?? 0, UInt32(number))
    }

    private mutating func report(time: Int) {
        guard let newest, let newestTime = arrived[newest] else { return }
        var report = Report(newest: newest, newestArrival: UInt32(newestTime) * 4)
        for back in 1..<min(Int(newest), 255) + 1 where report.entryCount < 255 {
            let arrival = arrived[newest - UInt32(back)]
            report.append(
                arrival.map { .received(millisecondsBefore: max(0, newestTime - $0)) } ?? .missing)
        }
        inbound.insert(report, due: Self.instant(time + Self.delay))
    }

    private func figures() -> Figures {
        var figures = Figures()
        var ages: [Int] = []
        var onTime = 0
        var quality = 0
        for frame in frames {
            let inTime = frame.arrivals.prefix { ($0 ?? .max) - frame.start <= Self.deadline }.count
            if inTime == frame.arrivals.count { onTime += 1 }
            quality += (1...frame.rung).last { Self.packets($0) <= inTime } ?? 0
            let last = frame.arrivals.map { $0 ?? .max }.max() ?? .max
            if last < .max { ages.append(last - frame.start) }
        }
        ages.sort()
        figures.quality = Double(quality) / Double(frames.count)
        figures.onTime = 100 * Double(onTime) / Double(frames.count)
        figures.p95 = Double(ages[min(ages.count - 1, ages.count * 95 / 100)])
        figures.switches = zip(frames, frames.dropFirst()).count { $0.rung != $1.rung }
        return figures
    }
}
