import Foundation
import Testing

extension EndToEnd {
    @Suite struct StartTests {
        @Test(arguments: [
            (#"upstream = "192.0.2.1:7300""#, #"delivery = "live""#, ":2:", "packets are not encrypted yet"),
            (#"upstream = "127.0.0.1:7300""#, #"delivery = "complete""#, ":11:", "spool"),
            (#"upstream = "127.0.0.1:7300""#, "max_rung = 31", ":11:", "the bundle has the rungs 0 to"),
            (#"upstream = "127.0.0.1:7300""#, "dimension = 7", ":11:", "but the bundle's is 192"),
        ])
        func wrongSettingsEndTheAgentWithOneLine(
            upstream: String, streamKey: String, position: String, reason: String
        ) async throws {
            let site = try await Site()
            let settings = try site.workspace.write(
                """
                gateway = "gw-1"
                \(upstream)
                [ingest]
                socket = "\(site.ingest)"
                [status]
                socket = "\(site.agentStatus)"

                [[stream]]
                name = "press-7"
                bundle = "\(site.bundle)"
                \(streamKey)
                """, to: "agent.toml")
            let agent = try await RunningProcess.run(
                Programs.agent, ["--config", settings], in: site.workspace)
            #expect(agent.status == 1, "\(agent.errors)")
            #expect(agent.errors.hasPrefix("\(settings)\(position)"), "\(agent.errors)")
            #expect(agent.errors.contains(reason), "\(agent.errors)")
            #expect(agent.errors.split(separator: "\n").count == 1, "\(agent.errors)")
        }

        @Test func missingFilesAndWrongUseAreToldApart() async throws {
            let workspace = try Workspace()
            for program in [Programs.agent, Programs.collector] {
                let missing = try await RunningProcess.run(
                    program, ["--config", workspace.file("none.toml")], in: workspace)
                #expect(missing.status == 1)
                #expect(missing.errors.hasPrefix(workspace.file("none.toml")), "\(missing.errors)")
                let usage = try await RunningProcess.run(program, ["--konfig", "x"], in: workspace)
                #expect(usage.status == 2, "\(usage.errors)")
                let help = try await RunningProcess.run(program, ["--help"], in: workspace)
                #expect(help.status == 0 && help.output.contains("USAGE"))
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func aNameIsResolvedAndATakenSocketIsRefused() async throws {
            let site = try await Site()
            let (collector, port) = try await site.startCollector()
            let agent = try await site.startAgent(upstream: "localhost:\(port)")
            try await site.waitUntilEstablished()
            let second = try await RunningProcess.run(
                Programs.agent, ["--config", site.workspace.file("agent.toml")], in: site.workspace)
            #expect(second.status == 1)
            #expect(second.errors.contains("another process listens on it"), "\(second.errors)")
            #expect(agent.isRunning && collector.isRunning)
        }

        @Test(.timeLimit(.minutes(1)))
        func aNameThatCannotBeResolvedIsAStateAndNoEnd() async throws {
            let site = try await Site()
            let agent = try await site.startAgent(upstream: "no-such-host.invalid:7300")
            let isTold = try await eventually {
                try StatusPage.json(from: site.agentStatus).explanation.text.contains("cannot be resolved")
            }
            #expect(isTold, "\(site.agentText)")
            #expect(agent.isRunning)
            agent.signal(SIGTERM)
            #expect(try await agent.exitStatus(within: .seconds(5)) == 0)
        }
    }

    @Suite struct StatusTests {
        @Test(.timeLimit(.minutes(2)))
        func bothServicesShowTheirState() async throws {
            let site = try await Site()
            let (collector, port) = try await site.startCollector()
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(port)")
            try await site.waitUntilEstablished()
            let feed = try site.startFeed(count: 1_000, rate: 1_000)
            #expect(try await feed.exitStatus() == 0)
            #expect(try await eventually { try site.storedFrames() == 1_000 })

            for socket in [site.agentStatus, site.collectorStatus] {
                #expect(try StatusPage.get("/healthz", from: socket) == (200, "ok\n"))
                #expect(try StatusPage.get("/nothing", from: socket).code == 404)
                let metrics = try StatusPage.get("/metrics", from: socket)
                #expect(metrics.code == 200)
                for line in metrics.body.split(separator: "\n") {
                    #expect(
                        line.wholeMatch(
                            of: #/# (HELP|TYPE) .*|[a-z0-9_]+(\{.*\})? [-+.0-9eE]+|.* (NaN|[-+]Inf)/#) != nil,
                        "\(line)")
                }
            }
            let streams = try StatusPage.json("/streams", from: site.agentStatus).streams
            #expect(streams[0].name.text == Site.stream && streams[0].frames_sent.number == 1_000)
            let metrics = try StatusPage.get("/metrics", from: site.agentStatus).body
            #expect(
                metrics.contains("weir_stream_frames_sent_total{stream=\"press-7\"} 1000\n"), "\(metrics)")
            #expect(metrics.contains("weir_ingest_errors_total{reason=\"second_producer\"} 0\n"))
            let sessions = try StatusPage.json("/streams", from: site.collectorStatus).sessions
            #expect(sessions[0].gateway.text == "gw-1")
            #expect(sessions[0].streams[0].frames_delivered.number == 1_000)
            let stored = try StatusPage.get("/metrics", from: site.collectorStatus).body
            #expect(stored.contains("weir_sink_frames_stored_total 1000\n"), "\(stored)")
            let words = try StatusPage.json(from: site.collectorStatus).explanation.text
            #expect(words == "1 agent connected, 1000 frames stored")
            #expect(agent.isRunning && collector.isRunning)
        }

        @Test(.timeLimit(.minutes(1)))
        func theStatusSocketAnswersWhileProducersFlood() async throws {
            let site = try await Site()
            let agent = try await site.startAgent(upstream: "127.0.0.1:\(try Site.freePort())")
            let feed = try RunningProcess(
                Programs.weir,
                ["feed", Programs.trainFrames, "--stream", Site.stream, "--socket", site.ingest, "--loop"],
                in: site.workspace)
            #expect(
                try await eventually {
                    try StatusPage.json(from: site.agentStatus).ingest.frames.number > 20_000
                })
            for _ in 0..<20 { #expect(try StatusPage.get("/healthz", from: site.agentStatus).code == 200) }
            #expect(feed.isRunning, "\(feed.errors)")
            #expect(agent.residentBytes.peak < 60 << 20)
        }
    }
}
