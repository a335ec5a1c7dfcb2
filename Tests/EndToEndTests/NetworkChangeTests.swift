import Foundation
import Testing

extension EndToEnd {
    /// What the machine's network does, in a network namespace of its own.
    @Suite struct NetworkChangeTests {
        /// Another source address, and then a carrier that goes and comes back.
        @Test(
            .enabled(
                if: NetworkNamespace.isPossible,
                "needs root (CAP_SYS_ADMIN, CAP_NET_ADMIN) and iproute2's ip, for a network namespace"),
            .timeLimit(.minutes(2)))
        func framesGoOnAfterTheAddressAndTheCarrierChange() async throws {
            let site = try await Site()
            let network = try NetworkNamespace()
            try network.ip("link set lo up")
            try network.ip("address add 127.0.0.9/8 dev lo")
            let (collector, port) = try await site.startCollector(in: network)
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(port)", in: network)
            try await site.waitUntilEstablished()
            #expect(try StatusPage.json(from: site.agentStatus).upstream.local_address.text == "127.0.0.1")

            try network.ip("route change local 127.0.0.0/8 dev lo table local src 127.0.0.9")
            try network.ip("route change local 127.0.0.1 dev lo table local src 127.0.0.9")
            #expect(
                try await eventually(within: .seconds(5)) {
                    try StatusPage.json(from: site.agentStatus).upstream.local_address.text == "127.0.0.9"
                }, "\(site.agentText)")
            #expect(try StatusPage.json(from: site.agentStatus).upstream.path_changes.number == 1)
            let feed = try site.startFeed(count: 100, rate: 200)
            #expect(try await feed.exitStatus() == 0)
            #expect(try await eventually { try site.storedFrames() == 100 }, "\(site.agentText)")

            try network.ip("link set lo down")
            #expect(
                try await eventually(within: .seconds(5)) {
                    try StatusPage.json(from: site.agentStatus).upstream.carrier == .truth(false)
                }, "\(site.agentText)")
            try network.ip("link set lo up")
            #expect(
                try await eventually(within: .seconds(5)) {
                    try StatusPage.json(from: site.agentStatus).upstream.carrier == .truth(true)
                }, "\(site.agentText)")
            let second = try site.startFeed(rate: 100)
            #expect(try await eventually { try site.storedFrames() > 150 }, "\(site.agentText)")
            let metrics = try StatusPage.get("/metrics", from: site.agentStatus).body
            #expect(metrics.contains("weir_agent_network_messages_lost_total{reason=\"malformed\"} 0\n"))
            #expect(agent.isRunning && collector.isRunning && second.isRunning)
        }
    }
}
