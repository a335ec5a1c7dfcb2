import Foundation
import Testing
import TestSupport

extension EndToEnd {
    @Suite struct CollectorAbuseTests {
        @Test(.timeLimit(.minutes(4)))
        func aHundredThousandWrongDatagramsAreCountedAndForgotten() async throws {
            let site = try await Site()
            let (collector, port) = try await site.startCollector()
            let seed = UInt64.random(in: .min ... .max)
            var generator = SplitMix(state: seed)
            let socket = try UDPSocket()
            let total = 100_000
            for number in 1...total {
                socket.send(Self.datagram(&generator), to: port)
                // What the kernel dropped would prove nothing: wait for the collector now and then.
                if number % 500 == 0 {
                    let isRead = try await eventually {
                        let packets = try StatusPage.json(from: site.collectorStatus).packets
                        return packets.received.number + packets.kernel_drops.number >= Double(number)
                    }
                    try #require(isRead, "seed \(seed)")
                }
            }
            let packets = try StatusPage.json(from: site.collectorStatus).packets
            #expect(packets.received.number > Double(total) * 0.9, "seed \(seed)")
            #expect(
                packets.malformed.sum + packets.dropped.sum >= packets.received.number * 0.9,
                "seed \(seed): each has a reason: \(packets)")
            #expect(
                packets.malformed.sum > 0 && packets.dropped.unknown_connection.number > 0, "seed \(seed)")
            #expect(collector.residentBytes.peak < 200 << 20)

            // And it works.
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(port)")
            try await site.waitUntilEstablished()
            let feed = try site.startFeed(count: 500, rate: 1_000)
            #expect(try await feed.exitStatus() == 0, "\(feed.errors)")
            #expect(try await eventually { try site.storedFrames() == 500 }, "seed \(seed)")
            #expect(agent.isRunning)
        }

        /// Bytes at random, or what begins like a packet of some type and goes on at random.
        private static func datagram(_ generator: inout SplitMix) -> [UInt8] {
            let length = Int.random(in: 0...(Bool.random(using: &generator) ? 40 : 1_400), using: &generator)
            var bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            if !bytes.isEmpty, Int.random(in: 0..<4, using: &generator) != 0 {
                bytes[0] = 0x40 | UInt8.random(in: 0..<5, using: &generator) << 3
            }
            return bytes
        }

        @Test(.timeLimit(.minutes(2)))
        func anUnknownBundleIsRefusedVisiblyUntilItIsThere() async throws {
            let site = try await Site()
            let kept = site.workspace.file("bundles/sample.weir")
            let away = site.workspace.file("sample.away")
            try FileManager.default.moveItem(atPath: kept, toPath: away)
            try Data("no bundle".utf8).write(
                to: URL(fileURLWithPath: site.workspace.file("bundles/bad.weir")))
            let (collector, port) = try await site.startCollector()
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(port)")
            let isRefused = try await eventually {
                try StatusPage.json(from: site.agentStatus).streams[0].verdict.text.hasPrefix("refused: ")
            }
            #expect(isRefused, "\(site.agentText)")
            let status = try StatusPage.json(from: site.collectorStatus)
            #expect(status.sessions[0].streams[0].verdict.text.hasPrefix("refused: "))
            #expect(status.bundle_problems[0].text.contains("bad.weir"))
            #expect(collector.errors.contains("bad.weir"))
            try FileManager.default.moveItem(atPath: away, toPath: kept)
            let isAccepted = try await eventually {
                try StatusPage.json(from: site.agentStatus).streams[0].verdict.text == "accepted"
            }
            #expect(isAccepted, "\(site.agentText)")
            #expect(agent.isRunning)
        }
    }
}

/// A seeded generator (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
