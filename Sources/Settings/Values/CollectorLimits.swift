/// What bounds the collector's memory.
public struct CollectorLimits: Sendable, Hashable {
    /// How many agents may be connected at once.
    public var sessions: Int
    /// How many streams one agent may have.
    public var streamsPerSession: Int
}

extension CollectorLimits {
    /// Reads the `[limits]` table of a collector.
    init?(reading reader: SettingsReader) {
        let sessions = reader.value("sessions", .integer(1...65_536), default: 64)
        let streams = reader.value("streams_per_session", .integer(1...128), default: 128)
        guard let sessions, let streams else { return nil }
        self.init(sessions: sessions, streamsPerSession: streams)
    }
}
