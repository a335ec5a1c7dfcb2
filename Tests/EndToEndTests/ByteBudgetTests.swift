import Foundation
import Testing

extension EndToEnd {
    @Suite struct ByteBudgetTests {
        /// A day's count goes on after a proper end and after a crash, and never goes back.
        @Test(.timeLimit(.minutes(2)))
        func theCountOutlastsRestartsAndCrashes() async throws {
            let site = try await Site()
            let (collector, port) = try await site.startCollector()
            let keys = "day_budget = \"20MB\"\nmonth_budget = \"300MB\""
            func used() throws -> Double {
                try StatusPage.json(from: site.agentStatus).budget.day_used_bytes.number
            }
            var before = 0.0
            for end in [SIGTERM, SIGKILL, SIGTERM] {
                let agent = try await site.startAgent(upstream: "127.0.0.1:\(port)", linkKeys: keys)
                try await site.waitUntilEstablished()
                #expect(try used() >= before, "\(site.agentText)")
                let feed = try site.startFeed(count: 500, rate: 500)
                #expect(try await feed.exitStatus() == 0)
                #expect(try await eventually { try used() > before + 1_000 }, "\(site.agentText)")
                before = try used()
                agent.signal(end)
                _ = try await agent.exitStatus(within: .seconds(10))
            }
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(port)", linkKeys: keys)
            let after = try used()
            // A crash costs at most a step.
            #expect(after >= before && after < before + 500_000)
            let metrics = try StatusPage.get("/metrics", from: site.agentStatus).body
            #expect(metrics.contains("weir_budget_cap_bytes{period=\"month\"} 300000000\n"), "\(metrics)")
            let screen = try await RunningProcess.run(
                Programs.weir, ["status", "--socket", site.agentStatus], in: site.workspace)
            #expect(screen.output.contains("day left bytes"), "\(screen.output)")
            #expect(agent.isRunning && collector.isRunning)
        }

        /// What cannot be trusted is not taken for nothing.
        @Test(.timeLimit(.minutes(1)))
        func aDamagedCountIsToldAndAWrongDirectoryRefused() async throws {
            let site = try await Site()
            let file = try site.workspace.write("no count\n", to: "byte-budget")
            let agent = try await site.startAgent(
                upstream: "127.0.0.1:\(try Site.freePort())", linkKeys: "day_budget = \"20MB\"")
            #expect(agent.errors.contains("count is damaged"), "\(agent.errors)")
            #expect(try StatusPage.json(from: site.agentStatus).budget.day_used_bytes.number > 0)
            agent.signal(SIGTERM)
            #expect(try await agent.exitStatus(within: .seconds(10)) == 0)
            #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("weir byte budget"))

            let settings = try site.agentSettings(
                upstream: "127.0.0.1:7300", linkKeys: "day_budget = \"20MB\"")
            let text = try String(contentsOfFile: settings, encoding: .utf8)
                .replacing(
                    "state_directory = \"\(site.workspace.path)\"", with: "state_directory = \"/no/such\"")
            let other = try site.workspace.write(text, to: "other.toml")
            let refused = try await RunningProcess.run(
                Programs.agent, ["--config", other], in: site.workspace)
            #expect(refused.status == 1)
            #expect(
                refused.errors.contains("link.day_budget: its count cannot be kept in /no/such/byte-budget"),
                "\(refused.errors)")
        }
    }
}
