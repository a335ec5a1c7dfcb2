/// The collector's database and what is kept in it.
public struct DatabaseSettings: Sendable, Hashable {
    /// The path of the SQLite file.
    public var path: String
    /// Frames that arrived longer ago are deleted.
    public var maximumAge: Duration
    /// Past this size of the database in bytes the oldest frames are deleted.
    public var maximumBytes: Int
    /// How many decoded frames may wait for the disk; further ones are dropped and counted.
    public var queueFrames: Int
}

extension DatabaseSettings {
    /// Reads the `[database]` table of a collector.
    init?(reading reader: SettingsReader) {
        let path = reader.value("path", .path, default: "/var/lib/weir-collector/frames.sqlite")
        let age = reader.value(
            "max_age", .duration(.seconds(60)...(.seconds(3650 * 86_400))), default: .seconds(30 * 86_400))
        let size = reader.value("max_size", .size(1 << 20...1 << 44), default: 4 << 30)
        let queueFrames = reader.value("queue_frames", .integer(64...1_048_576), default: 8_192)
        guard let path, let age, let size, let queueFrames else { return nil }
        self.init(path: path, maximumAge: age, maximumBytes: size, queueFrames: queueFrames)
    }
}
