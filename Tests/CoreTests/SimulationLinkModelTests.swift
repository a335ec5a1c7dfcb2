import LinkSimulation
import Testing
import WireFormat

@Suite("Link model")
struct SimulationLinkModelTests {
    static let origin = MonotonicInstant(nanoseconds: 5_000_000_000)

    static func link(
        _ capacity: LinkCapacity, delay: Duration = .zero, loss: Double = 0, queue: LinkModel.QueueLimit,
        seed: UInt64 = 1
    ) -> LinkModel {
        LinkModel(
            configuration: .init(
                capacity: capacity, propagationDelay: delay, lossProbability: loss, queueLimit: queue),
            origin: origin, seed: seed)
    }

    /// The delivery in nanoseconds since the origin; `nil` for a drop.
    static func offer(_ bytes: Int, at nanoseconds: Int64, to link: inout LinkModel) -> Int64? {
        let now = MonotonicInstant(nanoseconds: origin.nanoseconds + nanoseconds)
        guard case .delivered(let instant) = link.enqueue(bytes: bytes, at: now) else { return nil }
        return instant.nanoseconds - origin.nanoseconds
    }

    @Test
    func serialisesAtTheRate() {
        var link = Self.link(
            .schedule(RateSchedule(constant: 1_000_000)), delay: .milliseconds(20), queue: .bytes(5_000))
        // 1,250 bytes at 1 Mbit/s take 10 ms; the second waits for the first.
        #expect(Self.offer(1_250, at: 0, to: &link) == 30_000_000)
        #expect(Self.offer(1_250, at: 1_000_000, to: &link) == 40_000_000)
        #expect(Self.offer(125, at: 100_000_000, to: &link) == 121_000_000)
    }

    @Test
    func spansStepsAndWaitsOutAnOutage() throws {
        let schedule = try RateSchedule(parsing: "0s=1Mbit/s,1s=0bit/s,3s=100kbit/s")
        var link = Self.link(.schedule(schedule), queue: .bytes(10_000))
        // 625 bytes before the outage, 625 at a tenth of the rate after it.
        #expect(Self.offer(1_250, at: 995_000_000, to: &link) == 3_050_000_000)
    }

    @Test
    func dropsWhatNeverGetsThrough() throws {
        let schedule = try RateSchedule(parsing: "0s=1Mbit/s,1s=0bit/s")
        var link = Self.link(.schedule(schedule), queue: .bytes(10_000))
        #expect(Self.offer(1_250, at: 0, to: &link) == 10_000_000)
        #expect(Self.offer(1_250, at: 2_000_000_000, to: &link) == nil)
        #expect(link.counters.linkDown == 1)
        #expect(link.backlog(at: Self.origin.advanced(by: .seconds(3))) == 0)
    }

    @Test
    func dropsAtTheTail() {
        var link = Self.link(.schedule(RateSchedule(constant: 8_000)), queue: .bytes(2_500))
        #expect(Self.offer(1_000, at: 0, to: &link) == 1_000_000_000)
        #expect(Self.offer(1_000, at: 0, to: &link) == 2_000_000_000)
        #expect(Self.offer(1_000, at: 0, to: &link) == nil)
        #expect(Self.offer(500, at: 0, to: &link) == 2_500_000_000)
        #expect(link.backlog(at: Self.origin) == 2_500)
        // The first has left at the end of its last bit.
        #expect(Self.offer(1_000, at: 1_000_000_000, to: &link) == 3_500_000_000)
        #expect(link.counters.queueFull == 1)
        #expect(link.counters.offeredPackets == 5 && link.counters.deliveredPackets == 4)
    }

    @Test
    func measuresAQueueInTimeAtThePresentRate() throws {
        let schedule = try RateSchedule(parsing: "0s=8Mbit/s,1s=800kbit/s")
        var link = Self.link(.schedule(schedule), queue: .time(.milliseconds(100)))
        let atOnce = (0..<200).count { _ in Self.offer(1_000, at: 0, to: &link) != nil }
        #expect(atOnce == 100)
        let later = (0..<200).count { _ in Self.offer(1_000, at: 2_000_000_000, to: &link) != nil }
        #expect(later == 10)
    }

    @Test
    func sharesAndSpansOpportunities() throws {
        // One opportunity at 10 ms, two at 20 ms, then anew from 20 ms.
        let trace = try LinkTrace(parsing: Array("10\n20\n20\n".utf8))
        var link = Self.link(.trace(trace), queue: .bytes(100_000))
        #expect(Self.offer(1_000, at: 0, to: &link) == 10_000_000)
        #expect(Self.offer(504, at: 0, to: &link) == 10_000_000)
        #expect(Self.offer(1, at: 0, to: &link) == 20_000_000)
        #expect(Self.offer(3_006, at: 0, to: &link) == 20_000_000)
        #expect(Self.offer(2_000, at: 0, to: &link) == 40_000_000)
        // At the instant of an opportunity its unused bytes still count; later they are lost.
        #expect(Self.offer(2_000, at: 60_000_000, to: &link) == 60_000_000)
        #expect(Self.offer(1_000, at: 60_000_000, to: &link) == 60_000_000)
        #expect(Self.offer(1_000, at: 60_000_001, to: &link) == 70_000_000)
        #expect(trace.meanBitsPerSecond == 3 * 1_504 * 8 / 0.02)
    }

    @Test
    func losesAboutTheGivenShare() {
        var link = Self.link(
            .schedule(RateSchedule(constant: 1_000_000_000)), loss: 0.2, queue: .bytes(1_000_000), seed: 7)
        let arrived = (0..<100_000).count { Self.offer(100, at: Int64($0) * 10_000, to: &link) != nil }
        // Within five standard deviations.
        #expect(abs(arrived - 80_000) < 5 * 127)
        #expect(link.counters.randomLoss == UInt64(100_000 - arrived))
    }

    @Test
    func repeatsFromTheSeed() {
        func outcomes(_ seed: UInt64) -> [Int64?] {
            var link = Self.link(
                .schedule(RateSchedule(constant: 1_000_000)), loss: 0.3, queue: .bytes(10_000), seed: seed)
            return (0..<200).map { Self.offer(500, at: $0 * 1_000_000, to: &link) }
        }
        #expect(outcomes(3) == outcomes(3))
        #expect(outcomes(3) != outcomes(4))
    }

    // MARK: - Against the slow references

    @Test(arguments: UInt64(1)...40)
    func agreesWithSlowRateLink(seed: UInt64) throws {
        var random = SimulationGenerator(state: seed)
        var start: Int64 = 0
        var steps: [(start: Int64, rate: Int)] = []
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let rate = Bool.random(using: &random) ? Int.random(in: 0...50_000, using: &random) : 1_234_567
            steps.append((start, rate))
            start += Int64.random(in: 1...2_000_000_000, using: &random)
        }
        steps.append((start, Int.random(in: 1...3_000_000, using: &random)))
        let queueBytes = Int.random(in: 0...6_000, using: &random)
        let schedule = try RateSchedule(
            steps: steps.map { .init(start: .nanoseconds($0.start), bitsPerSecond: $0.rate) })
        var link = Self.link(.schedule(schedule), queue: .bytes(queueBytes))
        var reference = ReferenceRateLink(steps: steps, queueBytes: queueBytes)
        var now: Int64 = 0
        for packet in 0..<300 {
            now += Int64.random(in: 0...120_000_000, using: &random)
            let bytes = Int.random(in: 29...1_228, using: &random)
            let expected = reference.offer(bytes: bytes, at: now)
            #expect(Self.offer(bytes, at: now, to: &link) == expected, "seed \(seed), packet \(packet)")
        }
        let bits = link.capacityBits(from: Self.origin, to: Self.origin.advanced(by: .nanoseconds(now)))
        #expect(abs(bits - Double(reference.carried(until: now)) / 1e9) < 1)
    }

    @Test(arguments: UInt64(1)...40)
    func agreesWithSlowTraceLink(seed: UInt64) throws {
        var random = SimulationGenerator(state: seed)
        var milliseconds: [Int64] = []
        var time: Int64 = Int64.random(in: 0...3, using: &random)
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            milliseconds.append(time)
            time += [0 as Int64, 1, 2, 40, 300].randomElement(using: &random) ?? 1
        }
        milliseconds.append(time + 1)
        let scale: Double = [0.01, 0.25, 1.0, 3.0].randomElement(using: &random) ?? 1
        let text = milliseconds.map(String.init).joined(separator: "\n")
        let trace = try LinkTrace(parsing: Array(text.utf8), scale: scale)
        let queueBytes = Int.random(in: 0...9_000, using: &random)
        var now: Int64 = 500_001
        let packets = (0..<300).map { _ in
            now += Int64.random(in: 0...30, using: &random) * 1_000_000
            return ReferencePacket(bytes: Int.random(in: 29...1_228, using: &random), offered: now)
        }
        let expected = ReferenceTraceLink(
            milliseconds: milliseconds, opportunityBytes: trace.opportunityBytes, queueBytes: queueBytes
        ).run(packets)
        var link = Self.link(.trace(trace), queue: .bytes(queueBytes))
        for (number, packet) in expected.enumerated() {
            let finish = Self.offer(packet.bytes, at: packet.offered, to: &link)
            #expect(finish == packet.finish, "seed \(seed), packet \(number)")
        }
        // Each opportunity counts once, whatever the cuts.
        let cuts = (0...50).map { Duration.milliseconds(Int64($0) * 7) }
        let parts: Double = zip(cuts, cuts.dropFirst()).reduce(0) { $0 + trace.bits(from: $1.0, to: $1.1) }
        #expect(parts == trace.bits(from: .zero, to: .milliseconds(350)))
    }
}
