import AgentCore
import Bundles
import CollectorCore
import LinkControl
import Quantization
import Testing
import WireFormat

@Suite struct AgentDeliveryTests {
    static func streams() -> [AgentStreamConfiguration] {
        [
            AgentStreamConfiguration(
                name: "a", codec: AgentTestStreams.codec(seed: 1), bundle: AgentTestStreams.identity(1)),
            AgentStreamConfiguration(
                name: "b", codec: AgentTestStreams.codec(seed: 2, tokens: 8),
                bundle: AgentTestStreams.identity(2), latencyBudget: .milliseconds(30)),
            AgentStreamConfiguration(
                name: "c", codec: AgentTestStreams.codec(seed: 3, tokens: 2, tokenDimension: 6),
                bundle: AgentTestStreams.identity(3), weight: 4),
        ]
    }

    @Test(arguments: [0.0, 0.2], [UInt64(1), 2, 3])
    func framesComeOutAsTheirCodecDecodesThem(loss: Double, seed: UInt64) throws {
        var path = AgentTestPath(streams: Self.streams(), seed: seed)
        path.loss = loss
        try path.run(.seconds(20), frameMilliseconds: 10)
        try path.run(.seconds(1))
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue, "seed \(seed)")
        #expect(path.peer.frames.contains { $0.isLow }, "seed \(seed)")
        let status = path.agent.status(now: path.now)
        for (index, stream) in status.streams.enumerated() {
            let received = path.sequences(index)
            #expect(stream.offered == 2_000)
            #expect(stream.dropped.total == 0, "seed \(seed)")
            #expect(stream.sent == 2_000, "seed \(seed)")
            #expect(stream.acknowledged <= stream.sent)
            if loss == 0 {
                #expect(received == Array(0..<2_000))
                #expect(stream.acknowledged == 2_000)
            } else {
                #expect(received.count > 1_300 && received.count < 1_900, "seed \(seed)")
            }
        }
        #expect(status.phase == .established)
        #expect(path.peer.hellos.first?.gateway == "gateway-1")
    }

    @Test func aSteadyStreamHasASmallHeader() throws {
        var path = AgentTestPath(streams: [Self.streams()[0]])
        try path.run(.seconds(5))
        let before = path.sent.count
        try path.run(.seconds(10), frameMilliseconds: 200)
        // IP and UDP 28, header 9, time 3, block 3 and one more for an age of 100 ms, one byte of payload.
        let sizes = path.sent[before...].filter { $0.type == .data }.map(\.bytes)
        #expect(sizes.suffix(20).allSatisfy { $0 <= 28 + 9 + 3 + 4 + 1 }, "\(sizes)")
    }

    @Test func timesAreTheRunsOwnWhateverTheWallClockDoes() throws {
        var path = AgentTestPath(streams: [Self.streams()[0]])
        try path.run(.seconds(1))
        path.offer(0)
        let first = path.now
        path.wallOffset += .seconds(3_600)
        try path.run(.milliseconds(500))
        path.offer(0)
        let second = path.now
        // 40 ms ago on the stepped clock.
        let taken = path.wall.advanced(by: .milliseconds(-40))
        path.offer(0, timestamp: UInt64(taken.nanoseconds))
        try path.run(.milliseconds(500))
        let ticks = path.peer.frames.map(\.tick.count)
        #expect(
            ticks == [
                first.nanoseconds / 250_000, second.nanoseconds / 250_000,
                (second.nanoseconds - 40_000_000 + 3_600_000_000_000) / 250_000,
            ])
    }

    @Test func aFrameLargerThanAPacketComesInParts() throws {
        let stream = AgentStreamConfiguration(
            name: "grid", codec: AgentTestStreams.codec(seed: 9, tokens: 3_000),
            bundle: AgentTestStreams.identity(9))
        var path = AgentTestPath(streams: [stream], initialRate: .megabitsPerSecond(4))
        try path.run(.seconds(10), frameMilliseconds: 100)
        try path.run(.seconds(1))
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
        let received0 = path.sequences(0)
        #expect(received0.count > 90)
        #expect(path.peer.frames.contains { $0.rung == 2 })
        #expect(path.sent.allSatisfy { $0.bytes <= PacketLimits.maximumDatagram + PacketLimits.ipv4Overhead })
        let status = path.agent.status(now: path.now).streams[0]
        #expect(status.sent == UInt64(path.sequences(0).count))
        #expect(status.acknowledged == status.sent)
    }

    @Test func lowSequencesStayTrueOverLongLosses() throws {
        var path = AgentTestPath(streams: [Self.streams()[0]])
        try path.run(.seconds(3), frameMilliseconds: 4)
        for _ in 0..<6 {
            path.isDown = true
            try path.run(.milliseconds(620), frameMilliseconds: 4)
            path.isDown = false
            try path.run(.seconds(3), frameMilliseconds: 4)
        }
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
        let sequences = path.sequences(0)
        let largestGap = zip(sequences, sequences.dropFirst()).map { $1 - min($0, $1) }.max() ?? 0
        #expect(largestGap > 100)
        #expect(path.peer.frames.suffix(100).contains { $0.isLow })
    }

    @Test func theRealCollectorDeliversWhatWasOffered() throws {
        let streams = Self.streams()
        var bundles: [BundleIdentity: FrameCodec] = [:]
        for stream in streams { bundles[stream.bundle] = stream.codec }
        var collector = CollectorCore(
            configuration: CollectorCoreConfiguration(), bundles: bundles, seed: 5)
        var now = MonotonicInstant(nanoseconds: 0)
        let wall = WallTime(nanoseconds: 1_700_000_000_000_000_000)
        var agent = AgentCore(
            configuration: AgentCoreConfiguration(
                gateway: "g", streams: streams, initialRate: .kilobitsPerSecond(500)),
            run: RunID(3), seed: 4, now: now, wall: wall, clockSynced: false)
        let address = PeerAddress(ipv4: 0x7F00_0001, port: 9)
        var delivered: [[UInt64]] = streams.map { _ in [] }
        var areTrue = true
        for step in 0..<6_000 {
            let wallNow = wall.advanced(by: .milliseconds(step))
            if step < 5_000, step % 5 == 0 {
                for (index, stream) in streams.enumerated() {
                    let frame = AgentTestStreams.frame(
                        stream: index, sequence: UInt64(step / 5), dimension: stream.codec.dimension)
                    agent.offer(stream: index, timestamp: 0, frame: frame.span, now: now, wall: wallNow)
                }
            }
            var isWritten = true
            while isWritten {
                let datagram = AgentTestPeer.datagram { isWritten = agent.nextDatagram(into: &$0, now: now) }
                guard isWritten else { break }
                collector.receive(unsafe datagram.span.bytes, from: address, now: now, wall: wallNow) {
                    frame, values in
                    delivered[frame.streamIndex].append(frame.sequence)
                    let codec = streams[frame.streamIndex].codec
                    let original = AgentTestStreams.frame(
                        stream: frame.streamIndex, sequence: frame.sequence, dimension: codec.dimension)
                    let expected = try? AgentTestStreams.decoded(original, codec: codec, rung: frame.rung)
                    if expected != values.indices.map({ values[$0] }) { areTrue = false }
                    if frame.agentTime != wall.advanced(by: .milliseconds(5 * Int(frame.sequence))) {
                        areTrue = false
                    }
                }
            }
            now = now + .milliseconds(1)
            var isToSend = true
            while isToSend {
                let datagram = AgentTestPeer.datagram {
                    isToSend = collector.nextDatagram(into: &$0, now: now) != nil
                }
                if isToSend { agent.receive(unsafe datagram.span.bytes, now: now) }
            }
        }
        #expect(areTrue)
        for sequences in delivered { #expect(sequences == Array(0..<1_000)) }
    }
}
