import Foundation
import Testing

extension EndToEnd {
    @Suite struct OutageTests {
        /// What an agent may take: its whole life is far below it, so growth of any kind shows.
        private static let memory = 60 << 20

        @Test(.timeLimit(.minutes(4)))
        func aClosedPortThatOpensClosesAndOpensAgain() async throws {
            let site = try await Site()
            let port = try Site.freePort()
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(port)")
            let feed = try site.startFeed(rate: 500)

            // Nobody listens: frames are read and given up, with a reason.
            let isDropping = try await eventually {
                try StatusPage.json(from: site.agentStatus).streams[0].frames_dropped.sum > 500
            }
            #expect(isDropping)
            let down = try StatusPage.json(from: site.agentStatus)
            #expect(down.phase.text == "connecting")
            #expect(
                down.explanation.text.contains("no answer from the collector"), "\(down.explanation.text)")
            #expect(
                down.explanation.text.contains("nobody listens at the upstream's address"),
                "\(down.explanation.text)")

            let first = try await site.startCollector(port: port).process
            #expect(try await eventually { try site.storedFrames() > 500 }, "\(agent.errors)")
            #expect(try StatusPage.json(from: site.agentStatus).phase.text == "established")

            // Gone without a word, as by a power cut.
            first.signal(SIGKILL)
            #expect(try await first.exitStatus() != nil)
            let isNoticed = try await eventually {
                let status = try StatusPage.json(from: site.agentStatus)
                return ["silent", "outage"].contains(status.link.state.text)
                    && status.explanation.text.contains("no report for")
            }
            #expect(isNoticed, "\(site.agentText)")
            let before = try StatusPage.json(from: site.agentStatus).ingest.frames.number
            #expect(
                try await eventually {
                    try StatusPage.json(from: site.agentStatus).ingest.frames.number > before + 500
                },
                "frames are read on")

            try FileManager.default.removeItem(atPath: site.collectorStatus)
            let stored = try site.storedFrames()
            let second = try await site.startCollector(port: port).process
            #expect(
                try await eventually(within: .seconds(60)) { try site.storedFrames() > stored + 500 },
                "\(site.agentText)")
            #expect(feed.isRunning, "\(feed.errors)")
            #expect(agent.residentBytes.peak < Self.memory)
            #expect(second.isRunning)
        }

        @Test(.timeLimit(.minutes(4)))
        func aFifthOfThePacketsIsLost() async throws {
            let site = try await Site()
            let (collector, port) = try await site.startCollector()
            let relay = try RunningProcess(
                Programs.weir,
                [
                    "link", "relay", "--listen", "127.0.0.1:0", "--forward", "127.0.0.1:\(port)", "--loss",
                    "0.2",
                ],
                in: site.workspace)
            #expect(try await eventually { relay.output.contains("listening ") }, "\(relay.errors)")
            let address = try #require(relay.output.split(separator: "\n").first?.split(separator: " ").last)
            let agent = try await site.startAgent(upstream: String(address))
            try await site.waitUntilEstablished()
            let feed = try site.startFeed(count: 5_000, rate: 500)
            #expect(try await feed.exitStatus(within: .seconds(60)) == 0, "the feed stalls: \(feed.errors)")
            let isSent = try await eventually {
                try StatusPage.json(from: site.agentStatus).streams[0].frames_pending.number == 0
            }
            #expect(isSent)
            let status = try StatusPage.json(from: site.agentStatus)
            #expect(status.link.loss_fraction.number > 0.05 && status.link.loss_fraction.number < 0.5)
            #expect(!status.explanation.text.isEmpty)
            let sent = status.streams[0].frames_sent.number
            #expect(sent > 4_000, "loss alone is no reason to drop: \(status.streams[0])")
            // Four fifths of what was sent, give or take what chance does to some hundred packets.
            let stored = Double(try site.storedFrames())
            #expect(stored > sent * 0.6 && stored < sent * 0.95, "\(stored) of \(sent)")
            let session = try StatusPage.json(from: site.collectorStatus).sessions[0]
            #expect(session.packets_lost.number > 0)
            #expect(agent.residentBytes.peak < Self.memory)
            #expect(collector.isRunning && relay.isRunning)
        }

        @Test(.timeLimit(.minutes(2)))
        func terminationIsCleanWithOrWithoutAnUpstream() async throws {
            let site = try await Site()
            let (collector, port) = try await site.startCollector()
            var agent = try await site.startAgent(upstream: "127.0.0.1:\(port)")
            try await site.waitUntilEstablished()
            let feed = try site.startFeed(rate: 1_000)
            #expect(try await eventually { try site.storedFrames() > 500 })
            agent.signal(SIGTERM)
            #expect(try await agent.exitStatus(within: .seconds(5)) == 0, "\(agent.errors)")
            #expect(try await feed.exitStatus() == 1, "its agent is gone")
            #expect(feed.errors.contains("the agent"), "\(feed.errors)")
            #expect(!FileManager.default.fileExists(atPath: site.ingest), "the socket is taken away")
            collector.signal(SIGTERM)
            #expect(try await collector.exitStatus(within: .seconds(5)) == 0, "\(collector.errors)")

            agent = try await site.startAgent(upstream: "127.0.0.1:\(port)")
            let other = try site.startFeed(rate: 1_000)
            #expect(
                try await eventually {
                    try StatusPage.json(from: site.agentStatus).ingest.frames.number > 500
                })
            agent.signal(SIGTERM)
            #expect(try await agent.exitStatus(within: .seconds(5)) == 0, "\(agent.errors)")
            #expect(try await other.exitStatus() == 1)
        }
    }
}
