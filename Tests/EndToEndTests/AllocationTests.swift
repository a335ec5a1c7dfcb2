import Foundation
import Testing

extension EndToEnd {
    @Suite struct AllocationTests {
        /// Allocations of the whole agent for each further frame: what reports, the clock and the status line take
        /// at ten or less a second is in it, so it is not 0 at 2,000 frames a second; one for each frame would be 1.
        private static let bound = 0.1

        @Test(.timeLimit(.minutes(4)))
        func aFrameMoreCostsNoAllocation() async throws {
            let site = try await Site()
            let (collector, port) = try await site.startCollector()
            let short = try await allocations(frames: 4_000, site, port)
            let long = try await allocations(frames: 16_000, site, port)
            let slope = Double(long - short) / 12_000
            #expect(
                slope < Self.bound,
                "\(slope) allocations a frame: \(short) for 4000 frames, \(long) for 16000")
            #expect(short > 1_000, "the counter counts")
            #expect(collector.isRunning)
        }

        private func allocations(frames: Int, _ site: Site, _ port: Int) async throws -> Int {
            let settings = try site.agentSettings(upstream: "127.0.0.1:\(port)")
            let file = site.workspace.file("allocations")
            let agent = try RunningProcess(
                "\(Programs.package)/scripts/count-allocations",
                [file, Programs.agent, "--config", settings],
                in: site.workspace)
            let isUp = try await eventually {
                try #require(agent.isRunning, "\(agent.errors)")
                return (try? StatusPage.json(from: site.agentStatus).phase.text) == "established"
            }
            try #require(isUp, "\(agent.errors) \(site.agentText)")
            let feed = try site.startFeed(count: frames, rate: 2_000)
            #expect(try await feed.exitStatus() == 0, "\(feed.errors)")
            let isSent = try await eventually {
                try StatusPage.json(from: site.agentStatus).streams[0].frames_acknowledged.number
                    == Double(frames)
            }
            #expect(isSent, "\(site.agentText)")
            agent.signal(SIGTERM)
            #expect(try await agent.exitStatus() == 0, "\(agent.errors)")
            let text = try String(contentsOfFile: file, encoding: .utf8)
            return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
    }
}
