import Settings
import Testing

@Suite struct DiagnosticsTests {
    static let names =
        "allowed: 1 to 64 letters, digits, or any of . _ - (ASCII, beginning with a letter or digit)"
    static let loopback = NetworkAddress.loopbackOnlyReason
    static let ports = "allowed: HOST:PORT, ADDRESS:PORT or [ADDRESS]:PORT with a port from 1 to 65535"
    static let durations = "with a unit of us, ms, s, min, h, d"
    static let rates =
        "allowed: a rate from 1kbit/s to 10Gbit/s, with a unit of bit/s, kbit/s, Mbit/s, Gbit/s"

    /// One wrong line at a time, and the whole message that it must give.
    @Test(arguments: [
        (
            #"log_level = "warn""#,
            #"4:13: log_level: "warn" is unknown; allowed: "trace", "debug", "info", "notice", "warning", "error", "critical""#
        ),
        (
            "log_level = 3",
            #"4:13: log_level: is an integer; allowed: "trace", "debug", "info", "notice", "warning", "error", "critical""#
        ),
        (#"log_lvel = "info""#, #"4:1: log_lvel: unknown key; did you mean "log_level"?"#),
        (
            "colour = 1",
            "4:1: colour: unknown key; allowed here: gateway, upstream, log_level, state_directory, ingest, status, link, stream"
        ),
        (
            "\"a b\" = 1",
            "4:1: \"a b\": unknown key; allowed here: gateway, upstream, log_level, state_directory, ingest, status, link, stream"
        ),
        (
            #""a\u001b\u009b" = 1"#,
            #"4:1: "a\u{1b}\u{9b}": unknown key; allowed here: gateway, upstream, log_level, state_directory, ingest, status, link, stream"#
        ),
        (
            #"link.start_rate = "1\u001b[31m\n\u007f\u0085\u2028x""#,
            #"4:19: link.start_rate: "1\u{1b}[31m\u{a}\u{7f}\u{85}\u{2028}x" has an unknown unit; \#(rates)"#
        ),
        ("link = 7", "4:8: link: is an integer; write [link]"),
        (
            "link.start_rate = 200",
            "4:19: link.start_rate: is an integer and not a string with a unit; \(rates)"
        ),
        (#"link.start_rate = "200""#, "4:19: link.start_rate: \"200\" has no unit; \(rates)"),
        (#"link.start_rate = "200kbps""#, "4:19: link.start_rate: \"200kbps\" has an unknown unit; \(rates)"),
        (
            #"link.start_rate = "kbit/s""#,
            "4:19: link.start_rate: \"kbit/s\" does not begin with a number; \(rates)"
        ),
        (
            #"link.start_rate = "-2kbit/s""#,
            "4:19: link.start_rate: \"-2kbit/s\" does not begin with a number; \(rates)"
        ),
        (#"link.start_rate = "999bit/s""#, "4:19: link.start_rate: \"999bit/s\" is out of range; \(rates)"),
        (
            #"link.start_rate = "99999999999999Gbit/s""#,
            "4:19: link.start_rate: \"99999999999999Gbit/s\" is out of range; \(rates)"
        ),
        (
            #"link.start_rate = "99999999999999999999bit/s""#,
            "4:19: link.start_rate: \"99999999999999999999bit/s\" is out of range; \(rates)"
        ),
        (
            #"link.start_rate = "2.0001Mbit/s""#,
            "4:19: link.start_rate: \"2.0001Mbit/s\" needs one to three digits after its point; \(rates)"
        ),
        (
            #"link = {max_rate = "10kbit/s", start_rate = "11kbit/s"}"#,
            "4:20: link.max_rate: is below start_rate; allowed: start_rate or more"
        ),
        (
            #"link = {month_budget = "2GB", day_budget = "3GB"}"#,
            "4:44: link.day_budget: is above month_budget; allowed: month_budget or less"
        ),
        (
            "link.month_starts_on = 29",
            "4:24: link.month_starts_on: 29 is out of range; allowed: an integer from 1 to 28"
        ),
        (#"link.metered = "yes""#, "4:16: link.metered: is a string; allowed: true or false"),
        (
            #"ingest.mode = "0777""#,
            #"4:15: ingest.mode: "0777" is not a socket's mode; allowed: an octal string from "0600" to "0666""#
        ),
        (
            "ingest.max_connections = 0",
            "4:26: ingest.max_connections: 0 is out of range; allowed: an integer from 1 to 1024"
        ),
        (
            #"ingest.socket = "ingest.sock""#,
            #"4:17: ingest.socket: "ingest.sock" is not an absolute path; allowed: an absolute path of at most 107 bytes"#
        ),
        (
            #"status.socket = "/run/weir/ingest.sock""#,
            "4:17: status.socket: is the ingest socket too; allowed: another path"
        ),
        (
            "log_level = 2026-01-01",
            #"4:13: log_level: is a date or time; allowed: "trace", "debug", "info", "notice", "warning", "error", "critical""#
        ),
    ])
    func rootLine(line: String, message: String) {
        #expect(agentErrors(agentFile(root: "#\n" + line)) == ["a.toml:" + message])
    }

    @Test(arguments: [
        (
            #"latency_budget = "5""#,
            "8:18: stream[0].latency_budget: \"5\" has no unit; allowed: a duration from 1ms to 10s, \(durations)"
        ),
        (
            #"latency_budget = "500us""#,
            "8:18: stream[0].latency_budget: \"500us\" is out of range; allowed: a duration from 1ms to 10s, \(durations)"
        ),
        (
            #"latency_budget = "5s""#,
            "8:18: stream[0].latency_budget: is longer than max_age; allowed: max_age or less"
        ),
        (
            #"delivery = "complete""#,
            #"8:12: stream[0].delivery: "complete" needs the spool, which this version does not have; allowed: "live""#
        ),
        (#"delivery = "late""#, #"8:12: stream[0].delivery: "late" is unknown; allowed: "live""#),
        ("weight = 0", "8:10: stream[0].weight: 0 is out of range; allowed: a number from 1e-06 to 1000000"),
        (
            "weight = nan",
            "8:10: stream[0].weight: nan is out of range; allowed: a number from 1e-06 to 1000000"
        ),
        (
            "weight = inf",
            "8:10: stream[0].weight: inf is out of range; allowed: a number from 1e-06 to 1000000"
        ),
        (
            "dimension = 70000",
            "8:13: stream[0].dimension: 70000 is out of range; allowed: an integer from 1 to 65536"
        ),
        ("dimension = 19.0", "8:13: stream[0].dimension: is a number; allowed: an integer from 1 to 65536"),
        (
            "min_rung = 4\nmax_rung = 3",
            "8:12: stream[0].min_rung: is above max_rung; allowed: max_rung or less"
        ),
        (
            "latency_bugdet = \"5ms\"",
            #"8:1: stream[0].latency_bugdet: unknown key; did you mean "latency_budget"?"#
        ),
        (
            "[[stream]]\nname = \"s\"\nbundle = \"/b.weir\"",
            #"9:8: stream[1].name: "s" is used twice; allowed: a name of its own"#
        ),
        (
            "[[stream]]\nname = \"t\"",
            "8:1: stream[1].bundle: missing; allowed: an absolute path of at most 4095 bytes"
        ),
    ])
    func streamLine(line: String, message: String) {
        #expect(agentErrors(agentFile(stream: line)) == ["a.toml:" + message])
    }

    @Test(arguments: [
        ("192.0.2.1:7300", loopback), ("10.0.0.1:1", loopback), ("[2001:db8::1]:7300", loopback),
        ("[::ffff:10.0.0.1]:7300", loopback), ("0.0.0.0:7300", loopback), ("[::]:7300", loopback),
        ("localhost", "has no port; \(ports)"), ("localhost:", "has no valid port; \(ports)"),
        ("localhost:0", "has no valid port; \(ports)"), ("localhost:65536", "has no valid port; \(ports)"),
        ("localhost:+1", "has no valid port; \(ports)"),
        ("::1:7300", "an IPv6 address needs brackets; \(ports)"),
        ("127.0.0.256:1", "\"127.0.0.256\" is not a host; \(ports)"),
        ("-a:1", "\"-a\" is not a host; \(ports)"),
        ("[localhost]:1", "\"localhost\" is not an IPv6 address; \(ports)"),
        (":1", "\"\" is not a host; \(ports)"),
    ])
    func upstreamIsRefused(address: String, reason: String) throws {
        let text = agentFile().split(separator: "\n").map {
            $0.hasPrefix("upstream") ? "upstream = \"\(address)\"" : String($0)
        }
        let errors = agentErrors(text.joined(separator: "\n"))
        let error = try #require(errors.first)
        #expect(errors.count == 1)
        #expect(error.hasPrefix("a.toml:2:12: upstream: \""))
        #expect(error.hasSuffix(reason))
    }

    @Test(arguments: [
        "127.0.0.1:7300", "127.255.0.9:1", "[::1]:65535", "localhost:7300", "collector.lan:7300",
    ])
    func upstreamIsTaken(address: String) throws {
        let text = "gateway='g'\nupstream='\(address)'\n[[stream]]\nname='s'\nbundle='/b'"
        let settings = try AgentSettings.parse(Array(text.utf8), file: "a.toml")
        #expect(settings.upstream.description == address)
        #expect(settings.upstream.isLiteral == !address.contains("l"))
    }

    @Test func allErrorsComeAtOnceInTheOrderOfTheFile() {
        let text = """
            upstream = "192.0.2.1:7300"
            log_levl = "info"
            [status]
            mode = 660
            [[stream]]
            name = "a b"
            weight = -1
            """
        #expect(
            agentErrors(text) == [
                "a.toml:1:1: gateway: missing; \(Self.names)",
                "a.toml:1:12: upstream: \"192.0.2.1:7300\": \(Self.loopback)",
                "a.toml:2:1: log_levl: unknown key; did you mean \"log_level\"?",
                "a.toml:4:8: status.mode: is an integer; allowed: an octal string from \"0600\" to \"0666\"",
                "a.toml:5:1: stream[0].bundle: missing; allowed: an absolute path of at most 4095 bytes",
                "a.toml:6:8: stream[0].name: \"a b\" is not a name; \(Self.names)",
                "a.toml:7:10: stream[0].weight: -1 is out of range; allowed: a number from 1e-06 to 1000000",
            ])
    }

    @Test(arguments: [
        ("listen = \"0.0.0.0:7300\"", "c.toml:1:10: listen: \"0.0.0.0:7300\": \(loopback)"),
        (
            "listen = \"localhost:7300\"",
            "c.toml:1:10: listen: \"localhost:7300\" does not begin with an address; allowed: ADDRESS:PORT or [ADDRESS]:PORT with a port from 0 to 65535"
        ),
        (
            "report_interval = \"1s\"",
            "c.toml:1:19: report_interval: \"1s\" is out of range; allowed: a duration from 50ms to 200ms, \(durations)"
        ),
        (
            "database.max_size = \"1MB\"",
            "c.toml:1:21: database.max_size: \"1MB\" is out of range; allowed: a size from 1MiB to 16TiB, with a unit of B, kB, KiB, MB, MiB, GB, GiB, TiB"
        ),
        ("database = []", "c.toml:1:12: database: is an array; write [database]"),
        ("limits.sesions = 4", "c.toml:1:8: limits.sesions: unknown key; did you mean \"sessions\"?"),
    ])
    func collectorLine(line: String, message: String) {
        #expect(collectorErrors(line) == [message])
    }

    @Test func whatIsFoundLaterHasItsPlaceToo() throws {
        let settings = try AgentSettings.parse(Array(agentFile().utf8), file: "a.toml")
        #expect(
            settings.source.diagnostic("upstream", "resolves to 192.0.2.1").description
                == "a.toml:2:12: upstream: resolves to 192.0.2.1")
        #expect(settings.source.diagnostic("log_level", "x").description == "a.toml: log_level: x")
    }

    @Test func aFileThatCannotBeReadIsNamed() {
        #expect(throws: SettingsErrors.self) { try AgentSettings.load(path: "/dev/null") }
        do throws(SettingsErrors) {
            _ = try CollectorSettings.load(path: "/nonexistent/c.toml")
        } catch {
            #expect(error.description == "/nonexistent/c.toml: cannot be read: No such file or directory")
        }
    }

    @Test(arguments: [
        ("60000000us", Duration.seconds(60)), ("60001ms", .milliseconds(60_001)),
        ("60.001s", .milliseconds(60_001)),
        ("1.5min", .seconds(90)), ("1h", .seconds(3600)), ("0.5d", .seconds(43_200)),
        ("3650d", .seconds(315_360_000)),
    ])
    func durationsAreExact(text: String, duration: Duration) throws {
        let settings = try CollectorSettings.parse(Array("database.max_age = \"\(text)\"".utf8), file: "c")
        #expect(settings.database.maximumAge == duration)
    }

    @Test(arguments: [
        ("1048576B", 1_048_576), ("2000kB", 2_000_000), ("1.5MiB", 1_572_864), ("3GB", 3_000_000_000),
        ("16TiB", 17_592_186_044_416),
    ])
    func sizesAreExact(text: String, bytes: Int) throws {
        let settings = try CollectorSettings.parse(Array("database.max_size = \"\(text)\"".utf8), file: "c")
        #expect(settings.database.maximumBytes == bytes)
    }
}
