import Foundation
import Testing

extension EndToEnd {
    @Suite struct WatchdogTests {
        /// Stops one thread of the agent after the other while all timers go on; see the script.
        @Test(.timeLimit(.minutes(3)))
        func aStuckPacketPathStopsThePings() async throws {
            let site = try await Site()
            let settings = try site.agentSettings(upstream: "127.0.0.1:9")
            let script = try RunningProcess(
                "\(Programs.package)/scripts/test-watchdog", [Programs.agent, settings, site.agentStatus],
                in: site.workspace)
            #expect(try await script.exitStatus() == 0, "\(script.errors)")
        }
    }
}
