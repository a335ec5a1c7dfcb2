/// The validated settings of `weir-agent`.
public struct AgentSettings: Sendable, Hashable {
    /// The name that frames of this gateway carry at the collector.
    public var gateway: String
    /// The collector's address; a literal is a loopback address, a name must be checked once resolved.
    public var upstream: NetworkAddress
    /// The least severe messages to log.
    public var logLevel: LogLevel
    /// The directory of what must outlast a restart.
    public var statePath: String
    /// Where producers connect.
    public var ingest: SocketSettings
    /// Where `weir status` and Prometheus connect.
    public var status: SocketSettings
    /// What the agent may assume of its uplink.
    public var link: LinkSettings
    /// The streams, in the order of the file; at least one, with unique names.
    public var streams: [StreamSettings]
    /// Where the values stand in the file.
    public var source: SettingsSource

    /// The most streams of one agent.
    public static let maximumStreams = 128

    /// Reads and validates the file at `path`.
    ///
    /// - Throws: everything that is wrong in the file, not only the first.
    public static func load(path: String) throws(SettingsErrors) -> AgentSettings {
        try parse(SettingsFile.read(path: path), file: path)
    }

    /// Validates the bytes of a file named `file`.
    ///
    /// - Throws: everything that is wrong in it, not only the first.
    public static func parse(_ bytes: [UInt8], file: String) throws(SettingsErrors) -> AgentSettings {
        let reader = SettingsReader(file: file, table: try TOMLDocument(parsing: bytes, file: file).root)
        let gateway = reader.required("gateway", .name)
        let upstream = reader.required("upstream", .upstream)
        let logLevel = reader.value("log_level", SettingRule<LogLevel>.choice, default: .info)
        let statePath = reader.value("state_directory", .path, default: "/var/lib/weir-agent")
        let ingest = SocketSettings(
            reading: reader.table("ingest"), path: "/run/weir/ingest.sock", maximumConnections: 64)
        let statusReader = reader.table("status")
        let status = SocketSettings(
            reading: statusReader, path: "/run/weir/status.sock", maximumConnections: 16)
        let link = LinkSettings(reading: reader.table("link"))
        let streams = streams(reading: reader, isMetered: link?.isMetered ?? false)
        if let ingest, let status, ingest.path == status.path {
            statusReader.reportProblem("socket", "is the ingest socket too; allowed: another path")
        }
        try reader.finish()
        guard let gateway, let upstream, let logLevel, let statePath, let ingest, let status, let link else {
            preconditionFailure("a setting is missing and nothing was reported")
        }
        return AgentSettings(
            gateway: gateway, upstream: upstream, logLevel: logLevel, statePath: statePath, ingest: ingest,
            status: status,
            link: link, streams: streams, source: reader.source)
    }

    private static func streams(reading reader: SettingsReader, isMetered: Bool) -> [StreamSettings] {
        var names: Set<String> = []
        return reader.tables("stream", count: 1...maximumStreams).compactMap { reader in
            let stream = StreamSettings(reading: reader, isMetered: isMetered)
            if let stream, !names.insert(stream.name).inserted {
                reader.reportProblem("name", "\"\(stream.name)\" is used twice; allowed: a name of its own")
            }
            return stream
        }
    }
}
