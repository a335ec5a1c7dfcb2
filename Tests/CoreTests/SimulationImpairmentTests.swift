import LinkSimulation
import Testing
import WireFormat

/// What a link does to packets besides its rate, and what shares it.
@Suite("Worse links")
struct SimulationImpairmentTests {
    private static let origin = MonotonicInstant(nanoseconds: 0)

    /// A link without a bottleneck, 20 ms long.
    private static func link(_ change: (inout LinkModel.Configuration) -> Void, seed: UInt64) -> LinkModel {
        var configuration = LinkModel.Configuration.unlimited(delay: .milliseconds(20))
        change(&configuration)
        return LinkModel(configuration: configuration, origin: origin, seed: seed)
    }

    /// Nanoseconds on the way of packets sent each millisecond; nil for a lost one.
    private static func delays(_ count: Int, over link: inout LinkModel) -> [Int64?] {
        (0..<count).map { number in
            let now = MonotonicInstant(nanoseconds: Int64(number) * 1_000_000)
            guard case .delivered(let arrival) = link.enqueue(bytes: 100, at: now) else { return nil }
            return arrival.nanoseconds - now.nanoseconds
        }
    }

    @Test(arguments: [(0.05, 3.0), (0.2, 4), (0.01, 1.2)], UInt64(1)...2)
    func burstsHaveTheirShareAndLength(burst: (share: Double, length: Double), seed: UInt64) {
        var link = Self.link(
            { $0.burstLoss = BurstLoss(share: burst.share, meanLength: burst.length) }, seed: seed)
        let isLost = Self.delays(200_000, over: &link).map { $0 == nil }
        let lost = isLost.count { $0 }
        let bursts = zip([false] + isLost, isLost).count { !$0 && $1 }
        #expect(abs(Double(lost) / 200_000 / burst.share - 1) < 0.1, "seed \(seed)")
        #expect(abs(Double(lost) / Double(bursts) / burst.length - 1) < 0.1, "seed \(seed)")
    }

    @Test(arguments: UInt64(1)...3)
    func jitterKeepsTheOrder(seed: UInt64) {
        var link = Self.link({ $0.jitterDeviation = .milliseconds(5) }, seed: seed)
        let delays = Self.delays(10_000, over: &link).compactMap { $0 }
        #expect(delays.count == 10_000)
        // Three deviations either way, and what a packet waits for the one before it.
        #expect(delays.allSatisfy { (5_000_000...35_000_001).contains($0) })
        #expect(Set(delays).count > 5_000)
        let arrivals = delays.enumerated().map { Int64($0.offset) * 1_000_000 + $0.element }
        #expect(zip(arrivals, arrivals.dropFirst()).allSatisfy { $0 <= $1 }, "seed \(seed)")
    }

    @Test(arguments: UInt64(1)...3)
    func packetsThatAreHeldBackAreOvertaken(seed: UInt64) {
        var link = Self.link(
            {
                $0.reorderProbability = 0.1
                $0.reorderDelay = .milliseconds(30)
            }, seed: seed)
        let delays = Self.delays(10_000, over: &link).compactMap { $0 }
        let late = delays.count { $0 >= 50_000_000 }
        #expect((900...1_100).contains(late), "seed \(seed)")
        #expect(delays.allSatisfy { $0 < 21_000_000 || (50_000_000..<51_000_000).contains($0) })
    }

    @Test(arguments: UInt64(1)...5)
    func whatIsOnItsWayComesInOrderOfArrival(seed: UInt64) {
        var random = SimulationGenerator(state: seed)
        var queue = TransitQueue<Int>()
        var reference: [(due: Int64, item: Int)] = []
        for item in 0..<500 {
            let due = Int64.random(in: 0..<100, using: &random)
            queue.insert(item, due: MonotonicInstant(nanoseconds: due))
            reference.append((due, item))
        }
        // Stable: equal times keep the order of sending.
        let expected = reference.sorted { ($0.due, $0.item) < ($1.due, $1.item) }
        #expect(queue.popDue(MonotonicInstant(nanoseconds: -1)) == nil)
        var items: [Int] = []
        while let item = queue.popDue(MonotonicInstant(nanoseconds: 100)) { items.append(item) }
        #expect(items == expected.map(\.item), "seed \(seed)")
    }

    @Test
    func agentsAndTransfersShareTheBottleneck() throws {
        var configuration = try SimulationTests.configuration("0s=500kbit/s")
        configuration.agentCount = 2
        configuration.competingFlows = 1
        let result = SimulationTests.result(configuration)
        #expect(result.framesOffered == 2 * 3 * 15 * 50)
        #expect(result.agentRates.count == 2 && result.competingRates.count == 1)
        #expect(result.agentRates.allSatisfy { $0 > 1_000 })
        // A transfer takes what is left.
        #expect(result.competingRates[0] > 250_000)
        #expect((result.agentRates + result.competingRates).reduce(0, +) <= 500_000 * 1.01)
        #expect(SimulationTests.result(configuration) == result)
    }

    @Test
    func reportsCanBeLost() throws {
        var configuration = try SimulationTests.configuration("0s=1Mbit/s")
        configuration.backward.lossProbability = 0.3
        let result = SimulationTests.result(configuration)
        #expect(result.onTimeFraction > 0.9)
        configuration.backward.lossProbability = 1
        #expect(SimulationTests.result(configuration).framesDelivered == 0)
    }

    @Test(arguments: [
        SimulationConfiguration.Control.delayGradient, .additiveIncrease, .oracle, .fixed(rung: 0),
    ])
    func everyOpponentWorksOnAGoodLink(control: SimulationConfiguration.Control) throws {
        let result = SimulationTests.result(try SimulationTests.configuration("0s=1Mbit/s", control: control))
        #expect(result.onTimeFraction > 0.95, "\(control)")
        #expect(result.meanSNR > 0)
    }
}
