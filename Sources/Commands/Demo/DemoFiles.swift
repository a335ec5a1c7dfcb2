/// The settings files, sockets and database of the demo's processes.
struct DemoFiles {
    private let directory: TemporaryDirectory

    /// Files in this directory, where the bundle is too.
    init(directory: TemporaryDirectory) {
        self.directory = directory
    }

    var agentSettings: String { directory.file("agent.toml") }
    var agentStatus: String { directory.file("agent.sock") }
    var ingest: String { directory.file("ingest.sock") }
    var collectorSettings: String { directory.file("collector.toml") }
    var collectorStatus: String { directory.file("collector.sock") }
    var database: String { directory.file("frames.sqlite") }

    /// Writes the collector's settings.
    func writeCollectorSettings(port: Int) throws(CommandFailure) {
        let text = """
            listen = "127.0.0.1:\(port)"
            bundles = "\(directory.path)"
            log_level = "warning"
            [database]
            path = "\(database)"
            [status]
            socket = "\(collectorStatus)"
            """
        try Files.write(Array((text + "\n").utf8), to: collectorSettings)
    }

    /// Writes the agent's settings.
    func writeAgentSettings(upstreamPort: Int, streams: [String]) throws(CommandFailure) {
        var text = """
            gateway = "demo"
            upstream = "127.0.0.1:\(upstreamPort)"
            log_level = "warning"
            [ingest]
            socket = "\(ingest)"
            [status]
            socket = "\(agentStatus)"
            [link]
            start_rate = "64kbit/s"

            """
        for name in streams {
            text += """
                [[stream]]
                name = "\(name)"
                bundle = "\(directory.file("demo.weir"))"
                latency_budget = "60ms"
                max_age = "400ms"

                """
        }
        try Files.write(Array(text.utf8), to: agentSettings)
    }
}
