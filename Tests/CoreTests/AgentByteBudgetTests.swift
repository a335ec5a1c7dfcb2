import AgentCore
import LinkControl
import Testing
import WireFormat

@Suite struct AgentByteBudgetTests {
    private static let stream = AgentStreamConfiguration(
        name: "wide", codec: AgentTestStreams.codec(seed: 64, tokens: 64),
        bundle: AgentTestStreams.identity(64),
        maximumAge: .seconds(2))

    /// Whoever wants more than a day has is slowed down smoothly, and frames that had no room say why.
    @Test func framesGiveWayToTheByteBudget() throws {
        var path = AgentTestPath(
            streams: [Self.stream], byteBudget: ByteBudgetConfiguration(bytesPerDay: 10_000_000))
        try path.run(.seconds(240), frameMilliseconds: 10)
        let status = path.agent.status(now: path.now)
        let budget = try #require(status.budget)
        #expect(status.streams[0].dropped[.byteBudget] > 1_000)
        #expect(status.streams[0].dropped[.linkBudget] < 100)
        #expect(status.packets.sentBytes < UInt64(budget.periods[0].used))
        // A burst of an hour's share at the most, spent within minutes, and the even share: 6,400 s are left of the
        // first day.
        #expect(budget.periods[0].used < 10_000_000 / 24 + 10_000_000 * 240 / 6_400)
        func bytes(_ from: Int, _ to: Int) -> Int {
            let range =
                MonotonicInstant(
                    nanoseconds: Int64(from) * 1_000_000_000)...MonotonicInstant(
                    nanoseconds: Int64(to) * 1_000_000_000)
            return path.sent.filter { range.contains($0.at) }.reduce(0) { $0 + $1.bytes }
        }
        #expect(bytes(0, 60) > bytes(60, 120) && bytes(60, 120) > bytes(180, 240))
        #expect(bytes(180, 240) > 0)
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
    }

    /// With nothing left the session gets a small packet a minute, and the agent sleeps between them.
    @Test func anExhaustedBudgetLeavesAKeepAlive() throws {
        var path = AgentTestPath(
            streams: [Self.stream], byteBudget: ByteBudgetConfiguration(bytesPerDay: 10_000_000))
        try path.run(.seconds(5), frameMilliseconds: 20)
        #expect(!path.peer.frames.isEmpty)
        let used = try #require(path.agent.status(now: path.now).budget?.periods[0].used)
        path.agent.byteBudget?.received(9_985_000 - used, now: path.now)
        // What was sent before may still bring answers.
        try path.run(.seconds(1), frameMilliseconds: 20)
        let before = path.sent.count
        try path.run(.seconds(130), frameMilliseconds: 20)
        #expect((2...3).contains(path.sent.count - before), "\(path.sent.count - before)")
        #expect(path.sent[before...].allSatisfy { $0.bytes < 100 && $0.type != .data })
        let status = path.agent.status(now: path.now)
        #expect(status.streams[0].dropped[.byteBudget] > 6_000)
        #expect(status.budget?.isExhausted == true)
        #expect(path.idleWakeups[20..<130].allSatisfy { $0 < 120 }, "\(path.idleWakeups.max() ?? 0)")
    }

    /// The second's cap holds for packets and their reports, even where the link carries more.
    @Test func theSecondsCapHolds() throws {
        var path = AgentTestPath(
            streams: [Self.stream], initialRate: .kilobitsPerSecond(500),
            byteBudget: ByteBudgetConfiguration(bytesPerSecond: 2_000))
        try path.run(.seconds(20), frameMilliseconds: 10)
        for second in 0..<19 {
            let from = MonotonicInstant(nanoseconds: Int64(second) * 1_000_000_000)
            let bytes = path.sent.filter { $0.at >= from && $0.at < from + .seconds(1) }.reduce(0) {
                $0 + $1.bytes
            }
            #expect(bytes <= 2_000 + 1_248, "second \(second)")
        }
        #expect(path.peer.frames.count > 500)
    }
}
