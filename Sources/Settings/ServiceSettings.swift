/// The validated settings of either service, told apart by their keys.
public enum ServiceSettings: Sendable, Hashable {
    /// A file of `weir-agent`.
    case agent(AgentSettings)
    /// A file of `weir-collector`.
    case collector(CollectorSettings)

    /// Reads and validates the file at `path` as what most of its keys belong to; where they do not tell, as
    /// a collector's if its name says so, else as an agent's.
    ///
    /// - Throws: everything that is wrong in the file, not only the first.
    public static func load(path: String) throws(SettingsErrors) -> ServiceSettings {
        let bytes = try SettingsFile.read(path: path)
        let keys = Set(try TOMLDocument(parsing: bytes, file: path).root.entries.map(\.key))
        let agent = keys.intersection(["gateway", "upstream", "ingest", "link", "stream"]).count
        let collector = keys.intersection(["listen", "bundles", "report_interval", "database", "limits"])
            .count
        let isNamedCollector = path.split(separator: "/").last?.contains("collector") ?? false
        if agent == collector ? isNamedCollector : agent < collector {
            return .collector(try CollectorSettings.parse(bytes, file: path))
        }
        return .agent(try AgentSettings.parse(bytes, file: path))
    }
}
