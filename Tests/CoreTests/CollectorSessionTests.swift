import Bundles
import CollectorCore
import Testing
import WireFormat

/// How sessions begin, go on and end.
@Suite struct CollectorSessionTests {
    let bundle = CollectorBundle(1)

    @Test func initiationsAndHellosMayBeRepeated() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        bench.receive(agent.initiation())
        bench.receive(agent.initiation())
        let responses = bench.take().map(\.handshake)
        #expect(responses.count == 2 && responses[0] == responses[1])
        #expect(bench.core.status.handshakes == 1)

        try agent.connect(to: &bench)
        let first = try #require(bench.take().first?.accept)
        #expect(first.run == agent.run && first.verdicts == [.accepted(stream: 0, bundle: 0)])
        for hello in agent.hellos() { bench.receive(hello) }
        #expect(bench.take().first?.accept == first)
        #expect(bench.core.status.sessions.count == 1)
        #expect(bench.core.status.counters.sessionsOpened == 1)
    }

    @Test func anotherSeedGivesOtherConnections() throws {
        var connections: Set<ConnectionID?> = []
        for seed: UInt64 in [1, 2, 2] {
            var bench = CollectorBench(bundles: [bundle], seed: seed)
            var agent = try CollectorAgent(bundles: [bundle])
            try agent.connect(to: &bench)
            connections.insert(agent.connection)
        }
        #expect(connections.count == 2)
    }

    @Test func everyStreamGetsItsVerdict() throws {
        let other = CollectorBundle(2, tokenDimension: 3)
        var bench = CollectorBench(bundles: [bundle]) { $0.maximumStreamsPerSession = 6 }
        var streams = [
            HelloStream(name: "good", dimension: 4, bundle: bundle.identity),
            HelloStream(name: "unknown", dimension: 3, bundle: other.identity),
            HelloStream(name: "size", dimension: 5, bundle: bundle.identity),
            HelloStream(name: "no good\n", dimension: 4, bundle: bundle.identity),
            HelloStream(name: "good", dimension: 4, bundle: bundle.identity),
        ]
        for index in 5..<60 {
            streams.append(HelloStream(name: "s\(index)", dimension: 4, bundle: bundle.identity))
        }
        var agent = try CollectorAgent(streams: streams)
        try agent.connect(to: &bench)
        let accepts = bench.take().compactMap(\.accept)
        let verdicts = accepts.flatMap(\.verdicts)
        #expect(accepts.allSatisfy { $0.streamCount == 60 })
        #expect(verdicts.count == 60)
        let reasons: [RefusalReason?] = verdicts.map { verdict in
            if case .refused(let reason, let text) = verdict {
                #expect(!text.isEmpty)
                return reason
            }
            return nil
        }
        #expect(
            reasons == [nil, .unknownBundle, .dimensionMismatch, .invalidName, .duplicateName, nil]
                + Array(repeating: .tooManyStreams, count: 54))
        // Refused streams' blocks are counted, the others go on, and the collector's side shows the reason.
        bench.receive(try agent.data(other, stream: 1, 0..<1))
        bench.receive(try agent.data(bundle, stream: 50, 0..<1))
        bench.receive(try agent.data(bundle, stream: 0, 0..<1))
        let status = bench.core.status
        #expect(status.counters.dropped(.refusedStream) == 1)
        #expect(status.counters.dropped(.unknownStream) == 1)
        #expect(bench.frames.count == 1)
        #expect(status.sessions[0].streams.count == 6)
        #expect(status.sessions[0].streams[1].verdict == verdicts[1])

        // The missing bundle arrives: the agent is told without asking.
        bench.core.replaceBundles([bundle.identity: bundle.codec, other.identity: other.codec])
        bench.drain()
        #expect(bench.take().compactMap(\.accept).flatMap(\.verdicts) == [.accepted(stream: 1, bundle: 1)])
        bench.receive(try agent.data(other, stream: 1, 0..<1))
        #expect(bench.frames.last?.frame.stream == "unknown")
        // A bundle that goes does not stop the streams that have it.
        bench.core.replaceBundles([:])
        bench.receive(try agent.data(other, stream: 1, 1..<2))
        #expect(bench.frames.last?.frame.sequence == 1)
    }

    @Test func silenceEndsASession() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        bench.pass(.seconds(80))
        bench.receive(agent.keepAlive())
        bench.pass(.seconds(89))
        #expect(bench.core.status.sessions.count == 1)
        bench.pass(.seconds(2))
        #expect(bench.core.status.sessions.isEmpty)
        #expect(bench.core.status.counters.sessionsTimedOut == 1)
        #expect(bench.core.nextDeadline == nil)
        _ = bench.take()
        bench.receive(try agent.data(bundle, 0..<1))
        let reset = try #require(bench.take().first)
        #expect(reset.close == .unknownConnection)
        #expect(reset.header?.connection == agent.connection)
    }

    @Test func resetsAreRareAndSmallerThanTheirCause() throws {
        var bench = CollectorBench { $0.resetsPerSecond = 5 }
        var agent = try CollectorAgent(bundles: [bundle])
        agent.connection = ConnectionID(77)
        for _ in 0..<100 { bench.receive(agent.packet(.data) { $0.append(1) }) }
        #expect(bench.take().isEmpty, "ten bytes get no answer of ten")
        for _ in 0..<100 { bench.receive(try agent.data(bundle, 0..<1)) }
        #expect(bench.take().count == 5)
        #expect(bench.core.status.counters.dropped(.unknownConnection) == 200)
        bench.pass(.seconds(1))
        bench.receive(try agent.data(bundle, 0..<1))
        #expect(bench.take().count == 1)
    }

    @Test func aNewRunReplacesASilentOne() throws {
        var bench = CollectorBench(bundles: [bundle])
        var first = try CollectorAgent(run: 1, bundles: [bundle])
        try first.connect(to: &bench)
        bench.receive(try first.data(bundle, 0..<1))
        var second = try CollectorAgent(run: 2, bundles: [bundle])
        second.source = PeerAddress(ipv4: 0x7F00_0002, port: 1)
        try second.connect(to: &bench)
        #expect(bench.take().last?.close == .gatewayInUse)
        #expect(bench.core.status.counters.dropped(.gatewayInUse) == 1)
        bench.pass(.seconds(3))
        for hello in second.hellos() { bench.receive(hello, from: second.source) }
        let packets = bench.take()
        let close = try #require(packets.first { $0.close != nil })
        #expect(close.close == .replaced && close.address == first.source)
        #expect(packets.contains { $0.accept != nil && $0.address == second.source })
        bench.receive(try second.data(bundle, 0..<1), from: second.source)
        #expect(
            bench.frames.map(\.frame.run.rawValue) == [1, 2],
            "the same number of another run is another frame")
        #expect(bench.core.status.sessions.map(\.run.rawValue) == [2])
    }

    @Test func theSameRunGoesOnInANewSession() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        bench.receive(try agent.data(bundle, 0..<3))
        agent.nonce += 1
        try agent.connect(to: &bench)
        bench.receive(try agent.data(bundle, 2..<4))
        #expect(bench.frames.map(\.frame.sequence) == [0, 1, 2, 3])
        #expect(bench.core.status.counters.dropped(.duplicateFrame) == 1)
        #expect(bench.core.status.sessions.count == 1)
        #expect(bench.core.status.sessions[0].streams[0].framesDelivered == 4)
    }

    /// Packet numbers begin anew, so the former session's say nothing about frame numbers' low bits.
    @Test func lowFrameNumbersAreOfTheirOwnSession() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        for index in 0..<300 as Range<UInt64> { bench.receive(try agent.data(bundle, index..<index + 1)) }
        agent.nonce += 1
        try agent.connect(to: &bench)
        let full = try agent.data(bundle, 300..<301)
        let overtaken = try agent.data(bundle, 310..<311, low: true)
        let early = try agent.data(bundle, 320..<321, low: true)
        for packet in [full, early, overtaken] { bench.receive(packet) }
        #expect(bench.frames.suffix(3).map(\.frame.sequence) == [300, 320, 310])
        #expect(bench.core.status.counters.dropped(.duplicateFrame) == 0)
    }

    @Test func aHelloOfAnotherNumberOfStreamsIsNone() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        _ = bench.take()
        var odd = agent
        odd.streams.append(HelloStream(name: "odd", dimension: 4, bundle: bundle.identity))
        for hello in odd.hellos() { bench.receive(hello) }
        #expect(bench.take().isEmpty)
        #expect(bench.core.status.counters.dropped(.otherRun) == 1)
        agent.nextSequence = odd.nextSequence
        for hello in agent.hellos() { bench.receive(hello) }
        #expect(bench.take().compactMap(\.accept?.streamCount) == [1])
    }

    @Test func closeEndsASessionFromEitherSide() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        bench.receive(agent.packet(.close) { CloseReason.finished.write(into: &$0) })
        #expect(bench.core.status.sessions.isEmpty)
        #expect(bench.core.status.counters.sessionsClosed == 1)
        agent.nonce += 1
        try agent.connect(to: &bench)
        _ = bench.take()
        bench.core.close()
        bench.drain()
        #expect(bench.take().map(\.close) == [.collectorStopping])
        #expect(bench.core.status.sessions.isEmpty)
    }

    @Test func sessionsAndHandshakesAreBounded() throws {
        var bench = CollectorBench(bundles: [bundle]) {
            $0.maximumSessions = 3
            $0.maximumHandshakes = 4
        }
        for index in 0..<5 {
            var agent = try CollectorAgent(gateway: "gw-\(index)", bundles: [bundle])
            agent.nonce = UInt64(index)
            try agent.connect(to: &bench)
            #expect(bench.take().contains { $0.close == .collectorFull } == (index >= 3))
        }
        #expect(bench.core.status.sessions.count == 3)
        #expect(bench.core.status.counters.dropped(.collectorFull) == 2)
        for nonce in 100..<200 {
            var agent = try CollectorAgent(bundles: [bundle])
            agent.nonce = UInt64(nonce)
            bench.receive(agent.initiation())
        }
        #expect(bench.core.status.handshakes == 4)
        #expect(bench.core.status.counters.dropped(.handshake) == 98)
        bench.pass(.seconds(11))
        #expect(bench.core.status.handshakes == 0)
    }

    @Test func anUnprovedAddressGetsNoMoreThanCameFromIt() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        for index in 0..<300 { bench.receive(try agent.data(bundle, UInt64(index)..<UInt64(index) + 1)) }
        bench.pass(.seconds(1))
        _ = bench.take()
        let victim = PeerAddress(ipv4: 0x0A00_0001, port: 9)
        var came = 0
        for _ in 0..<200 {
            let packet = agent.keepAlive()
            came += packet.count
            bench.receive(packet, from: victim)
            bench.pass(.milliseconds(200))
        }
        let toVictim = bench.take().filter { $0.address == victim }.reduce(0) { $0 + $1.byteCount }
        #expect(toVictim <= came)
        #expect(bench.core.status.sessions[0].address == victim, "the address follows the newest packet")
        #expect(bench.core.status.counters.dropped(.reply) > 0)
        // Back home, reports come again.
        bench.receive(agent.keepAlive())
        bench.pass(.milliseconds(200))
        #expect(bench.take().contains { $0.report != nil && $0.address == agent.source })
    }

    @Test func aFirstHelloFromElsewhereOpensNothing() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        bench.receive(agent.initiation())
        guard case .response(let collector, _)? = bench.take().first?.handshake else {
            Issue.record("no response")
            return
        }
        agent.connection = collector
        bench.receive(try agent.data(bundle, 0..<1))
        bench.receive(agent.hellos()[0], from: PeerAddress(ipv4: 1, port: 1))
        #expect(bench.take().isEmpty)
        #expect(bench.core.status.sessions.isEmpty)
        #expect(bench.core.status.counters.dropped(.otherAddress) == 1)
        #expect(bench.core.status.counters.dropped(.beforeHello) == 1)
    }
}
