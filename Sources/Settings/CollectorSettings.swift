/// The validated settings of `weir-collector`.
public struct CollectorSettings: Sendable, Hashable {
    /// The loopback address to receive packets on; port 0 takes any free port.
    public var listen: NetworkAddress
    /// The directory with the bundles that agents may use.
    public var bundlesPath: String
    /// The least severe messages to log.
    public var logLevel: LogLevel
    /// How often agents get a report, while packets come.
    public var reportInterval: Duration
    /// Where decoded frames are kept.
    public var database: DatabaseSettings
    /// Where `weir status` and Prometheus connect.
    public var status: SocketSettings
    /// What bounds the collector's memory.
    public var limits: CollectorLimits
    /// Where the values stand in the file.
    public var source: SettingsSource

    /// Reads and validates the file at `path`.
    ///
    /// - Throws: everything that is wrong in the file, not only the first.
    public static func load(path: String) throws(SettingsErrors) -> CollectorSettings {
        try parse(SettingsFile.read(path: path), file: path)
    }

    /// Validates the bytes of a file named `file`.
    ///
    /// - Throws: everything that is wrong in it, not only the first.
    public static func parse(_ bytes: [UInt8], file: String) throws(SettingsErrors) -> CollectorSettings {
        let reader = SettingsReader(file: file, table: try TOMLDocument(parsing: bytes, file: file).root)
        let listen = reader.value(
            "listen", .listener, default: NetworkAddress(host: "127.0.0.1", port: 7300, isLiteral: true))
        let bundlesPath = reader.value("bundles", .path, default: "/var/lib/weir-collector/bundles")
        let logLevel = reader.value("log_level", SettingRule<LogLevel>.choice, default: .info)
        let reportInterval = reader.value(
            "report_interval", .duration(.milliseconds(50)...(.milliseconds(200))),
            default: .milliseconds(100))
        let database = DatabaseSettings(reading: reader.table("database"))
        let status = SocketSettings(
            reading: reader.table("status"), path: "/run/weir-collector/status.sock", maximumConnections: 16)
        let limits = CollectorLimits(reading: reader.table("limits"))
        try reader.finish()
        guard let listen, let bundlesPath, let logLevel, let reportInterval, let database, let status,
            let limits
        else {
            preconditionFailure("a setting is missing and nothing was reported")
        }
        return CollectorSettings(
            listen: listen, bundlesPath: bundlesPath, logLevel: logLevel, reportInterval: reportInterval,
            database: database, status: status, limits: limits, source: reader.source)
    }
}
