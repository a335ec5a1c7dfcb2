import CollectorCore
import Testing
import WireFormat

/// Datagrams from anybody.
@Suite struct CollectorHostileTests {
    private static let datagramDrops: [CollectorDrop] = [
        .unknownConnection, .duplicatePacket, .stalePacket, .wrongDirection, .beforeHello, .otherAddress,
        .otherRun, .gatewayInUse, .collectorFull,
    ]

    private func limits(_ configuration: inout CollectorCoreConfiguration) {
        configuration.maximumSessions = 4
        configuration.maximumHandshakes = 8
        configuration.maximumStreamsPerSession = 3
        configuration.maximumPartialFrames = 4
        configuration.maximumReplies = 4
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max)]) func randomDatagrams(seed: UInt64) throws {
        print("random datagrams from seed \(seed)")
        var random = CollectorRandom(seed: seed)
        var bench = CollectorBench(configure: limits)
        for index in 0..<100_000 {
            var bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            // Most are of the right version, so that they come further.
            if index % 4 > 0, !bytes.isEmpty { bytes[0] = bytes[0] & 0b11_1110 | 0b0100_0000 }
            bench.receive(bytes, from: PeerAddress(ipv4: UInt32(index), port: 1))
            bench.sent = []
        }
        let status = bench.core.status
        let counted =
            status.counters.allMalformed + status.counters.handshakes
            + Self.datagramDrops.reduce(0) { $0 + status.counters.dropped($1) }
        #expect(counted == 100_000, "seed \(seed): each is counted once: \(status.counters)")
        #expect(status.counters.datagramsReceived == 100_000)
        #expect(status.counters.malformed(.unsupportedVersion) > 10_000)
        #expect(status.counters.dropped(.unknownConnection) > 10_000)
        #expect(status.sessions.isEmpty && bench.frames.isEmpty)
    }

    /// Good packets of two sessions, with some bytes changed, cut off or added. Connection ids mostly stay, so that
    /// the rest of the packet is read.
    @Test(arguments: [UInt64.random(in: 0 ... .max), 21]) func mutatedDatagrams(seed: UInt64) throws {
        print("mutated datagrams from seed \(seed)")
        var random = CollectorRandom(seed: seed)
        let bundles = [CollectorBundle(1), CollectorBundle(2, tokens: 60, tokenDimension: 2)]
        var bench = CollectorBench(bundles: bundles, configure: limits)
        var delivered = 0
        for round in 0..<100 {
            var agent = try CollectorAgent(run: UInt64(round), gateway: "gw-\(round % 6)", bundles: bundles)
            agent.nonce = UInt64(round)
            bench.pass(.seconds(4))
            try agent.connect(to: &bench)
            var templates = [agent.initiation(), agent.keepAlive()] + agent.hellos()
            templates.append(try agent.data(bundles[0], 0..<4))
            templates.append(try agent.data(bundles[0], 4..<5, low: true))
            templates.append(try agent.data(bundles[1], stream: 1, 0..<1, tokens: 0..<30))
            templates.append(try agent.data(bundles[1], stream: 1, 0..<1, tokens: 30..<60))
            for _ in 0..<1_000 {
                var bytes = templates[Int.random(in: 0..<templates.count, using: &random)]
                // A sequence number near those in use, so that most packets are fresh.
                if bytes[0] & 0b11_1000 != 0b01_1000 { bytes[7] = UInt8.random(in: 0...7, using: &random) }
                bytes[8] = UInt8.random(in: 0...255, using: &random)
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    let offset = Int.random(in: PacketHeader.byteCount..<bytes.count, using: &random)
                    bytes[offset] = UInt8.random(in: 0...255, using: &random)
                }
                switch Int.random(in: 0..<10, using: &random) {
                case 0: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
                case 1: bytes += [UInt8](repeating: 0, count: Int.random(in: 0...1_000, using: &random))
                case 2:
                    bytes[Int.random(in: 0..<5, using: &random)] ^=
                        1 << UInt8.random(in: 0...7, using: &random)
                default: break
                }
                bench.receive(bytes)
                bench.now = bench.now + .milliseconds(1)
                bench.sent = []
            }
            let status = bench.core.status
            #expect(status.sessions.count <= 4 && status.handshakes <= 8, "seed \(seed)")
            #expect(status.partialFrames <= 4, "seed \(seed)")
            #expect(status.sessions.allSatisfy { $0.streams.count <= 3 }, "seed \(seed)")
            #expect(bench.frames.allSatisfy { $0.values.count == 4 || $0.values.count == 120 })
            delivered += bench.frames.count
            bench.frames = []
        }
        let counters = bench.core.status.counters
        #expect(counters.framesDelivered == UInt64(delivered), "seed \(seed)")
        #expect(delivered > 1_000, "seed \(seed): packets that are good still come through")
        for reason in [
            CollectorDrop.duplicatePacket, .unknownStream, .unknownBundle, .undecodable, .duplicateFrame,
        ] {
            #expect(counters.dropped(reason) > 0, "seed \(seed): never \(reason)")
        }
        #expect(counters.malformed(.truncated) > 0 && counters.malformed(.trailingBytes) > 0, "seed \(seed)")
    }
}
