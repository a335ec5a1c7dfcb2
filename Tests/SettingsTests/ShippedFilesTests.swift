import Settings
import Testing

/// The files in etc/weir are the manual: what they state as defaults must be the defaults.
@Suite struct ShippedFilesTests {
    private static func path(_ name: String, from file: String = #filePath) -> String {
        file.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/etc/weir/\(name)"
    }

    @Test func agentFileStatesTheDefaults() throws {
        let shipped = try AgentSettings.load(path: Self.path("agent.toml"))
        let minimal = """
            gateway = "gateway-1"
            upstream = "127.0.0.1:7300"
            [[stream]]
            name = "press-7"
            bundle = "/etc/weir/bundles/press-7.weir"
            """
        var defaults = try AgentSettings.parse(Array(minimal.utf8), file: "minimal")
        defaults.source = shipped.source
        #expect(shipped == defaults)
        #expect(shipped.streams[0].latencyBudget == .milliseconds(50))
        #expect(shipped.ingest.mode == 0o660)
        #expect(shipped.link.startBitsPerSecond == 64_000)
        #expect(shipped.link.maximumBitsPerSecond == nil)
    }

    @Test func collectorFileStatesTheDefaults() throws {
        let shipped = try CollectorSettings.load(path: Self.path("collector.toml"))
        var defaults = try CollectorSettings.parse([], file: "empty")
        defaults.source = shipped.source
        #expect(shipped == defaults)
        #expect(shipped.listen.description == "127.0.0.1:7300")
        #expect(shipped.database.maximumBytes == 4 << 30)
        #expect(shipped.database.maximumAge == .seconds(30 * 86_400))
    }

    /// Whoever gives only a maximum gets a default within it.
    @Test(arguments: [("32kbit/s", 32_000), ("64kbit/s", 64_000), ("2Mbit/s", 64_000)])
    func startRateFollowsTheMaximum(rate: String, start: Int) throws {
        let text = agentFile(root: "link.max_rate = \"\(rate)\"")
        let settings = try AgentSettings.parse(Array(text.utf8), file: "a.toml")
        #expect(settings.link.startBitsPerSecond == start)
    }

    @Test(arguments: [("10ms", 10), ("49.5ms", 49.5), ("50ms", 50), ("10min", 50)])
    func latencyBudgetFollowsTheMaximumAge(age: String, milliseconds: Double) throws {
        let text = agentFile(stream: "max_age = \"\(age)\"")
        let settings = try AgentSettings.parse(Array(text.utf8), file: "a.toml")
        #expect(settings.streams.map(\.latencyBudget) == [.milliseconds(milliseconds)])
    }

    /// A metered link has other defaults; what is given counts.
    @Test func aMeteredLinkHasOtherDefaults() throws {
        func settings(_ root: String, stream: String = "") throws -> AgentSettings {
            try AgentSettings.parse(Array(agentFile(root: root, stream: stream).utf8), file: "a.toml")
        }
        let plain = try settings("")
        #expect(plain.link.reportInterval == nil && plain.link.keepAlive == .seconds(25))
        let metered = try settings("link.metered = true")
        #expect(metered.link.reportInterval == .milliseconds(200) && metered.link.keepAlive == .seconds(110))
        #expect(metered.streams[0].latencyBudget == .milliseconds(200))
        let given = try settings(
            """
            [link]
            metered = true
            keep_alive = "20s"
            report_interval = "60ms"
            """, stream: "latency_budget = \"7ms\"")
        #expect(given.link.reportInterval == .milliseconds(60) && given.link.keepAlive == .seconds(20))
        #expect(given.streams[0].latencyBudget == .milliseconds(7))
        let young = try settings("link.metered = true", stream: "max_age = \"100ms\"")
        #expect(young.streams[0].latencyBudget == .milliseconds(100))
    }

    /// Every commented-out key is one that the file's reader knows and takes as it stands there.
    @Test(arguments: [
        "max_rate", "day_budget", "month_budget", "report_interval", "dimension", "max_distortion",
        "min_rung", "max_rung",
    ])
    func optionalKeyOfAgentFileIsValid(key: String) throws {
        let text = try read(Self.path("agent.toml"))
        let parts = text.split(separator: "\n# \(key) = ")
        #expect(parts.count == 2)
        #expect(agentErrors(parts.joined(separator: "\n\(key) = ")) == [])
    }
}
