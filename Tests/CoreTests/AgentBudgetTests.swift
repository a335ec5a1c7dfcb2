import AgentCore
import LinkControl
import Testing
import WireFormat

@Suite struct AgentBudgetTests {
    private static func stream(
        _ name: String, tokens: Int, maximumDistortion: Double? = nil, minimumRung: Int = 0,
        weight: Double = 1,
        maximumAge: Duration = .seconds(2)
    ) -> AgentStreamConfiguration {
        AgentStreamConfiguration(
            name: name, codec: AgentTestStreams.codec(seed: UInt64(tokens), tokens: tokens),
            bundle: AgentTestStreams.identity(UInt8(tokens)), maximumAge: maximumAge, weight: weight,
            maximumDistortion: maximumDistortion, minimumRung: minimumRung)
    }

    /// Every second's bytes stay within the rate and one burst, and as many frames as fit come, at coarse rungs.
    @Test(arguments: [8.0, 16, 40])
    func bytesStayWithinTheRate(kilobits: Double) throws {
        let rate = BitRate.kilobitsPerSecond(kilobits)
        var path = AgentTestPath(
            streams: [Self.stream("wide", tokens: 64), Self.stream("narrow", tokens: 4)], initialRate: rate,
            maximumRate: rate)
        try path.run(.seconds(30), frameMilliseconds: 20)
        let burst = rate.bitsPerSecond / 8 * 0.2
        for second in 2..<30 {
            let from = MonotonicInstant(nanoseconds: Int64(second) * 1_000_000_000)
            let bytes = path.sent.filter { $0.at >= from && $0.at < from + .seconds(1) }.map(\.bytes).reduce(
                0, +)
            #expect(Double(bytes) <= rate.bitsPerSecond / 8 + burst + 64, "second \(second)")
        }
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
        let status = path.agent.status(now: path.now)
        for stream in status.streams {
            #expect(stream.sent + stream.dropped.total + UInt64(stream.pending) == stream.offered)
            #expect(stream.sent > 100)
        }
        // 64 tokens at 2 bits, 50 times a second, are 6.4 kbit/s without headers, and all 3 rungs fit in 40.
        if kilobits < 10 {
            #expect(status.streams[0].dropped[.linkBudget] > 0)
        } else {
            #expect(status.streams[0].dropped.total < 10)
            #expect(path.peer.frames.contains { $0.rung == 2 })
        }
    }

    /// The age of what comes does not grow when the link is short: the oldest frames make way.
    @Test func framesAreFreshWhenTheLinkIsShort() throws {
        let rate = BitRate.kilobitsPerSecond(8)
        var path = AgentTestPath(
            streams: [Self.stream("wide", tokens: 64)], initialRate: rate, maximumRate: rate)
        try path.run(.seconds(20), frameMilliseconds: 10)
        let status = path.agent.status(now: path.now).streams[0]
        #expect(status.dropped[.linkBudget] > 500)
        #expect(status.pending < 40)
        let gaps = zip(path.sequences(0), path.sequences(0).dropFirst()).map { $1 - $0 }
        #expect(gaps.contains { $0 > 1 })
        #expect(gaps.allSatisfy { $0 > 0 })
    }

    @Test func higherPriorityGoesFirstWhereEvenTheCheapestRungsDoNotFit() throws {
        let rate = BitRate.kilobitsPerSecond(12)
        var streams = [Self.stream("low", tokens: 64), Self.stream("high", tokens: 64)]
        streams[1].priority = 3
        var path = AgentTestPath(streams: streams, initialRate: rate, maximumRate: rate)
        try path.run(.seconds(20), frameMilliseconds: 10)
        let status = path.agent.status(now: path.now)
        #expect(status.streams[0].dropped.total > 500)
        #expect(status.streams[1].sent > 2 * status.streams[0].sent)
    }

    @Test func noFrameIsAboveItsMaximumDistortion() throws {
        let rate = BitRate.kilobitsPerSecond(12)
        var path = AgentTestPath(
            streams: [
                Self.stream("fine", tokens: 64, maximumDistortion: 0.5), Self.stream("any", tokens: 4),
            ],
            initialRate: rate, maximumRate: rate)
        try path.run(.seconds(20), frameMilliseconds: 20)
        #expect(path.peer.frames.allSatisfy { $0.stream == 1 || $0.rung >= 1 })
        #expect(path.peer.frames.contains { $0.stream == 0 })
        let status = path.agent.status(now: path.now)
        #expect(status.streams[0].dropped[.maximumDistortion] > 0)
        #expect(status.streams[0].dropped[.linkBudget] == 0)
    }

    @Test func aStreamWithoutAnAllowedRungSendsNothing() throws {
        var path = AgentTestPath(
            streams: [
                Self.stream("never", tokens: 3, maximumDistortion: 0.01), Self.stream("any", tokens: 4),
            ])
        try path.run(.seconds(3), frameMilliseconds: 20)
        let status = path.agent.status(now: path.now)
        #expect(status.streams[0].dropped[.maximumDistortion] == status.streams[0].offered)
        let received1 = path.sequences(1)
        #expect(received1.count > 120)
    }

    @Test func weightDecidesWhoIsCoarse() throws {
        let rate = BitRate.kilobitsPerSecond(24)
        var path = AgentTestPath(
            streams: [
                Self.stream("dear", tokens: 32, weight: 10), Self.stream("cheap", tokens: 33, weight: 0.1),
            ],
            initialRate: rate, maximumRate: rate)
        try path.run(.seconds(20), frameMilliseconds: 20)
        func meanRung(_ stream: Int) -> Double {
            let rungs = path.peer.frames.filter { $0.stream == stream }.map(\.rung)
            return Double(rungs.reduce(0, +)) / Double(max(1, rungs.count))
        }
        #expect(meanRung(0) > meanRung(1) + 0.3, "\(meanRung(0)) and \(meanRung(1))")
    }

    @Test func whatWaitsIsBounded() throws {
        var path = AgentTestPath(streams: [Self.stream("any", tokens: 4)])
        try path.run(.seconds(2))
        for _ in 0..<10_000 { path.offer(0) }
        let status = path.agent.status(now: path.now).streams[0]
        #expect(status.pending == 512)
        #expect(status.dropped[.queueFull] == 10_000 - 512)
        try path.run(.seconds(5))
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
        let received0 = path.sequences(0)
        #expect(received0.last == 9_999)
    }

    @Test func frameOlderThanItsMaximumAgeIsNotTaken() throws {
        var path = AgentTestPath(streams: [Self.stream("any", tokens: 4)])
        try path.run(.seconds(2))
        path.offer(0, timestamp: UInt64(path.wall.advanced(by: .seconds(-3)).nanoseconds))
        path.offer(0, timestamp: UInt64(path.wall.advanced(by: .seconds(-1)).nanoseconds))
        path.offer(0, timestamp: UInt64(path.wall.advanced(by: .seconds(5)).nanoseconds))
        try path.run(.seconds(1))
        #expect(path.agent.status(now: path.now).streams[0].dropped[.tooOld] == 1)
        let received0 = path.sequences(0)
        #expect(received0 == [1, 2])
    }
}
