import Foundation
import GRDB
import Testing

extension EndToEnd {
    @Suite struct DeliveryTests {
        private static let frameCount = 10_000

        @Test(.timeLimit(.minutes(5)))
        func everyFrameIsStoredOnceInOrderAndAsTheCodebookDecodesIt() async throws {
            let site = try await Site()
            let (collector, port) = try await site.startCollector()
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(port)")
            try await site.waitUntilEstablished()
            let feed = try site.startFeed(count: Self.frameCount, rate: 2_000)
            #expect(try await feed.exitStatus() == 0, "\(feed.errors)")
            let isStored = try await eventually { try site.storedFrames() == Self.frameCount }
            let status = try StatusPage.get("/status", from: site.agentStatus).body
            let stored = try site.storedFrames()
            #expect(isStored, "\(stored) frames stored; agent: \(status)")
            #expect(agent.residentBytes.peak < 60 << 20, "the agent took \(agent.residentBytes.peak) bytes")

            // The frames one by one, against encode and decode from the command line.
            let rows = try DatabaseQueue(path: site.database).read { database in
                try Row.fetchAll(
                    database, sql: "SELECT sequence, rung, frame_values FROM frames ORDER BY rowid")
            }
            let bySequence = rows.sorted { ($0["sequence"] as Int) < $1["sequence"] }
            #expect(bySequence.map { $0["sequence"] as Int } == Array(0..<Self.frameCount))
            var decoded: [Int: [[UInt8]]] = [:]
            var differing = 0
            for row in bySequence {
                let rung: Int = row["rung"]
                if decoded[rung] == nil {
                    decoded[rung] = try await SampleBundle.decoded(rung: rung, in: site.workspace)
                }
                let expected = try #require(decoded[rung])
                let blob: Data = row["frame_values"]
                if expected[(row["sequence"] as Int) % expected.count] != Array(blob) { differing += 1 }
            }
            #expect(differing == 0, "\(differing) frames are not what the codebook decodes")
            #expect(rows.map { $0["sequence"] as Int } == Array(0..<Self.frameCount), "they came in order")

            try await exportGivesTheSameRows(site, bySequence.map { Array($0["frame_values"] as Data) })
            agent.signal(SIGTERM)
            #expect(try await agent.exitStatus(within: .seconds(5)) == 0, "\(agent.errors)")
            collector.signal(SIGTERM)
            #expect(try await collector.exitStatus(within: .seconds(5)) == 0, "\(collector.errors)")
            #expect(!FileManager.default.fileExists(atPath: site.database + "-wal"))
        }

        private func exportGivesTheSameRows(_ site: Site, _ rows: [[UInt8]]) async throws {
            let output = site.workspace.file("out.npy")
            let index = site.workspace.file("out.csv")
            let export = try await RunningProcess.run(
                Programs.collector,
                [
                    "export", "--database", site.database, "--stream", Site.stream, "-o", output, "--index",
                    index,
                ],
                in: site.workspace)
            #expect(export.status == 0, "\(export.errors)")
            #expect(try SampleBundle.rows(ofNPY: output) == rows)
            let lines = try String(contentsOfFile: index, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == rows.count + 1)
            let missing = try await RunningProcess.run(
                Programs.collector,
                ["export", "--database", site.database, "--stream", "nothing", "-o", output],
                in: site.workspace)
            #expect(missing.status == 1)
            #expect(missing.errors.contains("no stream \"nothing\"; there are: gw-1/press-7"))
            let usage = try await RunningProcess.run(
                Programs.collector, ["export", "--database", site.database, "-o", output], in: site.workspace)
            #expect(usage.status == 2)
        }
    }
}

/// Tests of the built executables, one after the other: they need the machine's two cores for themselves.
@Suite(.serialized) struct EndToEnd {}
