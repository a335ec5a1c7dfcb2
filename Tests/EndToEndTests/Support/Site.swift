import Foundation
import GRDB
import Testing
import TestSupport

/// An agent and a collector with their files in one directory, as a test wants them.
struct Site {
    let workspace: Workspace
    let bundle: String
    static let stream = "press-7"

    init() async throws {
        workspace = try Workspace()
        bundle = try await SampleBundle.path()
        try FileManager.default.createDirectory(
            atPath: workspace.file("bundles"), withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: bundle, toPath: workspace.file("bundles/sample.weir"))
    }

    var ingest: String { workspace.file("ingest.sock") }
    var agentStatus: String { workspace.file("agent.sock") }
    var collectorStatus: String { workspace.file("collector.sock") }
    var database: String { workspace.file("frames.sqlite") }

    /// Writes an agent's settings file.
    func agentSettings(
        upstream: String, startRate: String = "10Mbit/s", linkKeys: String = "", streamKeys: String = ""
    ) throws
        -> String
    {
        try workspace.write(
            """
            gateway = "gw-1"
            upstream = "\(upstream)"
            state_directory = "\(workspace.path)"
            [ingest]
            socket = "\(ingest)"
            [status]
            socket = "\(agentStatus)"
            [link]
            start_rate = "\(startRate)"
            \(linkKeys)
            [[stream]]
            name = "\(Self.stream)"
            bundle = "\(bundle)"
            \(streamKeys)
            [[stream]]
            name = "press-8"
            bundle = "\(bundle)"
            """, to: "agent.toml")
    }

    /// Starts an agent and waits until it answers.
    func startAgent(
        upstream: String, linkKeys: String = "", in network: NetworkNamespace? = nil
    ) async throws -> RunningProcess {
        let settings = try agentSettings(upstream: upstream, linkKeys: linkKeys)
        let agent = try start(Programs.agent, ["--config", settings], in: network)
        try await waitUntilHealthy(agent, agentStatus)
        return agent
    }

    /// Starts a collector on a loopback port, by default a free one, and waits until it answers.
    func startCollector(port: Int = 0, in network: NetworkNamespace? = nil) async throws -> (
        process: RunningProcess, port: Int
    ) {
        let settings = try workspace.write(
            """
            listen = "127.0.0.1:\(port)"
            bundles = "\(workspace.file("bundles"))"
            [database]
            path = "\(database)"
            [status]
            socket = "\(collectorStatus)"
            """, to: "collector.toml")
        let collector = try start(Programs.collector, ["--config", settings], in: network)
        try await waitUntilHealthy(collector, collectorStatus)
        let isListening = try await eventually { collector.errors.contains(#/listening address=\S*:[0-9]+/#) }
        try #require(isListening, "\(collector.errors)")
        let match = try #require(collector.errors.firstMatch(of: #/listening address=\S*:([0-9]+)/#))
        return (collector, try #require(Int(match.1)))
    }

    /// Starts a feed of the sample frames.
    func startFeed(count: Int? = nil, rate: Int, stream: String = Self.stream) throws -> RunningProcess {
        try RunningProcess(
            Programs.weir,
            [
                "feed", Programs.trainFrames, "--stream", stream, "--rate", "\(rate)", "--socket", ingest,
                "--loop",
            ]
                + (count.map { ["--count", "\($0)"] } ?? []), in: workspace)
    }

    /// Waits until the collector takes the agent's frames.
    func waitUntilEstablished() async throws {
        let isEstablished = try await eventually {
            try StatusPage.json(from: agentStatus).phase.text == "established"
        }
        try #require(isEstablished, "\(agentText)")
    }

    /// The agent's status as it is, for messages.
    var agentText: String { (try? StatusPage.get("/status", from: agentStatus).body) ?? "no answer" }

    /// Frames in the database.
    func storedFrames() throws -> Int {
        try DatabaseQueue(path: database).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM frames") ?? 0
        }
    }

    private func start(_ program: String, _ arguments: [String], in network: NetworkNamespace?) throws
        -> RunningProcess
    {
        let (path, all) = network?.command(program, arguments) ?? (program, arguments)
        return try RunningProcess(path, all, in: workspace)
    }

    private func waitUntilHealthy(_ process: RunningProcess, _ socket: String) async throws {
        let isHealthy = try await eventually {
            try #require(process.isRunning, "\(process.errors)")
            return (try? StatusPage.get("/healthz", from: socket).code) == 200
        }
        try #require(isHealthy, "\(process.errors)")
    }

    /// A UDP port of loopback that nobody listens on.
    static func freePort() throws -> Int {
        let socket = try UDPSocket()
        return socket.port
    }
}
