import AgentCore
import LinkControl
import Testing
import WireFormat

@Suite struct AgentSessionTests {
    @Test func anUpstreamThatNeverAnswersGetsFewHandshakes() throws {
        var path = AgentTestPath(streams: AgentDeliveryTests.streams())
        path.isDown = true
        try path.run(.seconds(600), frameMilliseconds: 20)
        let status = path.agent.status(now: path.now)
        #expect(status.phase == .connecting)
        #expect((10...20).contains(path.sent.count), "\(path.sent.count) handshakes in 600 s")
        #expect(path.sent.allSatisfy { $0.type == .handshake })
        #expect(status.explanation.contains("no answer from the collector"))
        for stream in status.streams {
            #expect(stream.pending <= 101)
            #expect(stream.dropped[.noSession] == stream.offered - UInt64(stream.pending))
        }
    }

    @Test func silenceThenBackInTheSameSession() throws {
        var path = AgentTestPath(streams: AgentDeliveryTests.streams())
        try path.run(.seconds(10), frameMilliseconds: 20)
        path.isDown = true
        let before = path.sent.count
        try path.run(.seconds(40), frameMilliseconds: 20)
        var status = path.agent.status(now: path.now)
        // What was on its way when silence began, a probe each 1 to 3 s, and some handshakes.
        #expect(path.sent.count - before < 100)
        let outagePackets = path.sent.filter { $0.at > path.now - .seconds(30) }
        #expect(outagePackets.count < 25)
        guard case .outage = status.link else {
            Issue.record("the link is \(status.link.map(\.word) ?? "absent")")
            return
        }
        #expect(status.explanation.contains("no report for"))
        #expect(status.outages == 1)
        for stream in status.streams { #expect(stream.pending <= 101) }
        path.isDown = false
        try path.run(.seconds(6), frameMilliseconds: 20)
        let received = path.peer.frames.count
        try path.run(.seconds(10), frameMilliseconds: 20)
        #expect(path.peer.frames.count - received > 1_200)
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
        status = path.agent.status(now: path.now)
        #expect(status.phase == .established)
        #expect(status.packets.sessions <= 2)
    }

    @Test(arguments: [true, false])
    func aCollectorThatForgotTheSessionGetsANewOne(saysSo: Bool) throws {
        var path = AgentTestPath(streams: AgentDeliveryTests.streams())
        path.closesUnknown = saysSo
        try path.run(.seconds(5), frameMilliseconds: 20)
        path.peer.forget()
        try path.run(saysSo ? .seconds(3) : .seconds(30), frameMilliseconds: 20)
        let status = path.agent.status(now: path.now)
        #expect(status.packets.sessions == 2)
        #expect(status.phase == .established)
        let received = path.peer.frames.count
        try path.run(.seconds(5), frameMilliseconds: 20)
        #expect(path.peer.frames.count - received > 500)
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
    }

    /// What a collector has of a frame in parts is gone with the session: the next one gets it wholly.
    @Test func aLargeFrameSurvivesItsSession() throws {
        // It takes more than its ladder says, so that it is begun before there is budget for all of it.
        let large = AgentStreamConfiguration(
            name: "large", codec: AgentTestStreams.codec(seed: 9, tokens: 6_000, expectation: 0.25),
            bundle: AgentTestStreams.identity(9), maximumAge: .seconds(60), minimumRung: 2)
        let rate = BitRate.kilobitsPerSecond(30)
        var path = AgentTestPath(
            streams: AgentDeliveryTests.streams() + [large], initialRate: rate, maximumRate: rate)
        path.closesUnknown = true
        try path.run(.seconds(3))
        path.offer(3)
        try path.run(.milliseconds(700))
        let before = path.sent.count
        path.offer(3)
        try path.run(.milliseconds(700))
        var received = path.sequences(3)
        #expect(received == [0])
        #expect(path.sent[before...].contains { $0.type == .data }, "some parts of the second are sent")
        path.peer.forget()
        for _ in 0..<10 {
            for stream in 0..<3 { path.offer(stream) }
            try path.run(.seconds(1))
        }
        #expect(path.agent.status(now: path.now).packets.sessions == 2)
        received = path.sequences(3)
        #expect(received == [0, 1])
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
        #expect(path.idleWakeups.allSatisfy { $0 <= 60 }, "\(path.idleWakeups)")
    }

    @Test func aRefusedStreamLeavesTheOthersAlone() throws {
        var path = AgentTestPath(streams: AgentDeliveryTests.streams())
        path.peer.refused = [1]
        try path.run(.seconds(10), frameMilliseconds: 20)
        var status = path.agent.status(now: path.now)
        #expect(status.streams[1].verdict == .refused(.unknownBundle, text: "no such bundle here"))
        #expect(status.streams[1].dropped[.refused] == status.streams[1].offered)
        let counts = (path.sequences(0).count, path.sequences(2).count)
        #expect(counts.0 > 480 && counts.1 > 480)
        // Its bundle comes; the agent asks again by itself.
        path.peer.refused = []
        try path.run(.seconds(35), frameMilliseconds: 20)
        status = path.agent.status(now: path.now)
        #expect(status.streams[1].verdict == .accepted(stream: 1))
        let late = path.sequences(1)
        #expect(!late.isEmpty)
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
    }

    @Test func anIdleAgentKeepsTheWayOpen() throws {
        var path = AgentTestPath(streams: AgentDeliveryTests.streams())
        try path.run(.seconds(5))
        let before = path.sent.count
        try path.run(.seconds(200))
        #expect((7...9).contains(path.sent.count - before), "\(path.sent.count - before) packets")
        #expect(path.agent.status(now: path.now).outages == 0)
    }

    @Test func draining() throws {
        var path = AgentTestPath(streams: AgentDeliveryTests.streams())
        try path.run(.seconds(5), frameMilliseconds: 20)
        for stream in 0..<3 { path.offer(stream) }
        path.agent.drain(now: path.now)
        path.offer(0)
        path.pump()
        let isDrained = path.agent.isDrained
        #expect(isDrained)
        try path.run(.milliseconds(200))
        #expect(path.peer.closes == [.finished, .finished])
        let status = path.agent.status(now: path.now)
        #expect(status.phase == .closed)
        #expect(status.streams[0].dropped[.stopping] == 1)
        #expect(status.streams.allSatisfy { $0.pending == 0 })
        let received1 = path.sequences(1)
        #expect(received1 == Array(0..<251))
    }

    @Test(arguments: [false, true])
    func drainingWithoutACollectorEnds(hadOne: Bool) throws {
        var path = AgentTestPath(streams: AgentDeliveryTests.streams())
        path.isDown = !hadOne
        try path.run(.seconds(5), frameMilliseconds: 20)
        path.isDown = true
        try path.run(.seconds(5), frameMilliseconds: 20)
        path.agent.drain(now: path.now)
        try path.run(.milliseconds(2_100))
        let isDrained = path.agent.isDrained
        #expect(isDrained)
        let deadline = path.agent.nextDeadline(now: path.now)
        #expect(deadline > path.now)
    }

    /// Random bytes, and real packets cut at every length and with every byte changed: counted, and nothing else.
    @Test(arguments: UInt64(1)...4)
    func hostileDatagramsHarmNothing(seed: UInt64) throws {
        var generator = AgentTestGenerator(seed: seed)
        var path = AgentTestPath(streams: AgentDeliveryTests.streams(), seed: seed)
        try path.run(.seconds(3), frameMilliseconds: 20)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            path.agent.receive(unsafe bytes.span.bytes, now: path.now)
        }
        // The session's own id is in no hand but the collector's; here the collector itself is broken.
        guard let own = path.peer.agent else {
            Issue.record("no session")
            return
        }
        var report = Report(newest: 20, newestArrival: 7, received: 3)
        for _ in 0..<40 { report.append(.missing) }
        let accept = Accept(
            run: RunID(77), streamCount: 3, firstStream: 0,
            verdicts: (0..<3).map { .accepted(stream: $0, bundle: 0) })
        let packets = [
            AgentTestPeer.datagram { output in
                PacketHeader(type: .report, connection: own, sequence: 1).write(into: &output)
                report.write(into: &output)
            },
            AgentTestPeer.datagram { output in
                PacketHeader(type: .control, connection: own, sequence: 1).write(into: &output)
                _ = accept.write(from: 0, into: &output)
            },
        ]
        for packet in packets {
            for length in 0..<packet.count {
                path.agent.receive(unsafe packet.span.extracting(first: length).bytes, now: path.now)
            }
            for index in packet.indices {
                var changed = packet
                changed[index] = UInt8.random(in: 0...255, using: &generator)
                path.agent.receive(unsafe changed.span.bytes, now: path.now)
            }
        }
        let counts = path.agent.status(now: path.now).packets
        #expect(counts.malformed > 1_000, "seed \(seed)")
        #expect(counts.foreign > 0, "seed \(seed)")
        try path.run(.seconds(20), frameMilliseconds: 20)
        let received = path.peer.frames.count
        try path.run(.seconds(5), frameMilliseconds: 20)
        #expect(path.peer.frames.count > received, "seed \(seed)")
    }
}
