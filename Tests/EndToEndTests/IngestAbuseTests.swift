import Foundation
import Testing

extension EndToEnd {
    @Suite struct IngestAbuseTests {
        private static let frame = [Float](repeating: 0.5, count: SampleBundle.dimension)

        @Test(.timeLimit(.minutes(2)))
        func whatIsWrongGetsALineAndDisturbsNobody() async throws {
            let site = try await Site()
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(try Site.freePort())")
            let good = try UnixClient(site.ingest)
            good.send(Producer.header(Site.stream, SampleBundle.dimension))
            #expect(good.readLine() == #"{"ok":true}"#)

            let header = Producer.header("press-8", SampleBundle.dimension)
            var notFinite = Self.frame
            notFinite[7] = .nan
            let cases: [(bytes: [UInt8], reason: String, message: String)] = [
                (Producer.header("press-8", 3), "wrong_dimension", "has dimension 192, not 3"),
                (Producer.header("nobody", 192), "unknown_stream", "no stream \\\"nobody\\\" is configured"),
                (Producer.header(Site.stream, 192), "second_producer", "has a producer already"),
                (Array("hello\n".utf8), "malformed_header", "the first line must be a JSON object"),
                ([UInt8](repeating: 32, count: 5_000), "header_too_long", "longer than 4096 bytes"),
                (header + Producer.record(Self.frame, byteCount: 775), "wrong_byte_count", "must have 776"),
                (header + Producer.littleEndian(UInt32.max), "wrong_byte_count", "has 4294967295 bytes"),
                (header + Producer.record(notFinite), "non_finite_value", "value 7 of a frame is not finite"),
                (header + Producer.record(Self.frame).dropLast(9), "cut_off", "bytes into a record"),
            ]
            for (bytes, reason, message) in cases {
                let before = try count(reason, site)
                let client = try UnixClient(site.ingest)
                client.send(bytes)
                client.finish()
                let answer = client.readToEnd()
                let line = answer.replacing(#/^\{"ok":true\}\n/#, with: "")
                #expect(line.hasPrefix(#"{"error":""#) && line.hasSuffix("\"}\n"), "\(reason): \(answer)")
                #expect(line.contains(message), "\(reason): \(answer)")
                #expect(
                    try await eventually { try count(reason, site) == before + 1 }, "\(reason) is counted")
            }

            let frames = try StatusPage.json(from: site.agentStatus).ingest.frames.number
            good.send(Producer.record(Self.frame))
            #expect(
                try await eventually {
                    try StatusPage.json(from: site.agentStatus).ingest.frames.number == frames + 1
                },
                "the good producer is not disturbed")
            #expect(agent.isRunning)
        }

        @Test(.timeLimit(.minutes(2)))
        func twoHundredConnectionsAndClientsThatNeverRead() async throws {
            let site = try await Site()
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(try Site.freePort())")
            // None of these reads a byte; one asks for stream after stream in vain.
            var clients: [UnixClient] = []
            for _ in 0..<200 { clients.append(try UnixClient(site.ingest)) }
            #expect(try await eventually { try count("too_many_connections", site) == 136 })
            #expect(try StatusPage.json(from: site.agentStatus).ingest.connections.number == 64)
            for client in clients { client.send(Producer.header("nobody", 192)) }
            #expect(try await eventually { try count("unknown_stream", site) == 64 })
            #expect(
                try await eventually {
                    try StatusPage.json(from: site.agentStatus).ingest.connections.number == 0
                })

            // Who writes on and on and reads nothing is served, and others beside him.
            let deaf = try UnixClient(site.ingest)
            deaf.send(Producer.header("press-8", 192))
            let record = Producer.record(Self.frame)
            for _ in 0..<2_000 { #expect(deaf.send(record)) }
            let feed = try site.startFeed(count: 500, rate: 1_000)
            #expect(try await feed.exitStatus() == 0, "\(feed.errors)")
            #expect(
                try await eventually {
                    try StatusPage.json(from: site.agentStatus).ingest.frames.number == 2_500
                })
            #expect(agent.residentBytes.peak < 60 << 20)
        }

        private func count(_ reason: String, _ site: Site) throws -> Double {
            let count = try StatusPage.json(from: site.agentStatus).ingest.errors[reason]
            return count == .null ? 0 : count.number
        }
    }
}
