import AgentCore
import LinkControl
import Testing
import WireFormat

/// How many streams are announced over a slow link.
@Suite struct AgentHelloTests {
    private static let streams = (0..<200).map {
        AgentStreamConfiguration(
            name: "stream\($0)", codec: AgentTestStreams.codec(seed: 1),
            bundle: AgentTestStreams.identity(1))
    }

    /// 8 packets: they go at the link's rate, and only what has no verdict is repeated.
    @Test(arguments: [20, 400])
    func hellosKeepToTheRate(delayMilliseconds: Int) throws {
        let rate = BitRate.kilobitsPerSecond(16)
        var path = AgentTestPath(streams: Self.streams, initialRate: rate, maximumRate: rate)
        path.delay = .milliseconds(delayMilliseconds)
        try path.run(.seconds(12))
        let burst = rate.bitsPerSecond / 8 * 0.2
        for second in 0..<12 {
            let from = MonotonicInstant(nanoseconds: Int64(second) * 1_000_000_000)
            let bytes = path.sent.filter { $0.at >= from && $0.at < from + .seconds(1) }.map(\.bytes)
                .reduce(0, +)
            #expect(Double(bytes) <= rate.bitsPerSecond / 8 + burst + 1_228 + 64, "second \(second)")
        }
        #expect(path.agent.status(now: path.now).phase == .established)
        let announced = path.peer.hellos.map(\.streams.count).reduce(0, +)
        #expect(200...(delayMilliseconds == 20 ? 200 : 240) ~= announced)
        #expect(path.idleWakeups.allSatisfy { $0 <= 20 }, "\(path.idleWakeups)")
    }

    /// Hellos and accepts get lost, and every stream gets its verdict all the same.
    @Test(arguments: UInt64(1)...8)
    func hellosSurviveLosses(seed: UInt64) throws {
        var path = AgentTestPath(streams: Self.streams, seed: seed, initialRate: .kilobitsPerSecond(32))
        path.loss = 0.3
        try path.run(.seconds(60))
        let status = path.agent.status(now: path.now)
        #expect(status.phase == .established, "seed \(seed)")
        #expect(status.streams.allSatisfy { $0.verdict != .pending }, "seed \(seed)")
    }

    @Test func onlyRefusedStreamsAreAnnouncedAgain() throws {
        var path = AgentTestPath(streams: Self.streams)
        path.peer.refused = [0, 150, 199]
        try path.run(.seconds(5))
        let before = path.peer.hellos.count
        path.peer.refused = [150]
        try path.run(.seconds(35))
        let verdicts = path.agent.status(now: path.now).streams.map(\.verdict)
        #expect(
            verdicts.indices.allSatisfy { (verdicts[$0] == .accepted(stream: UInt16($0))) == ($0 != 150) })
        try path.run(.seconds(30))
        let last = try #require(path.peer.hellos.last)
        #expect(path.peer.hellos.count > before + 1)
        #expect(last.firstStream == 150 && last.streams.map(\.name) == ["stream150"])
        #expect(last.streamCount == 200)
    }
}
