import GRDB

/// The collector's SQLite file: series, bundles and frames.
///
/// A frame is one row, named for ever by (gateway, run, stream, sequence), so that it is stored once whatever comes
/// twice. Rows are numbered in order of arrival: what is deleted first is what came first.
public final class FrameDatabase: Sendable {
    /// The path of the file.
    public let path: String
    let queue: DatabaseQueue

    /// Opens the file, or creates it with its tables.
    ///
    /// - Throws: `SinkError` if it cannot be opened, is no database, or was written by a later version.
    public init(path: String) throws(SinkError) {
        self.path = path
        var configuration = Configuration()
        configuration.busyMode = .timeout(0.5)
        configuration.prepareDatabase { database in
            // An empty file must get this before its first table; later it changes nothing.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            try database.execute(sql: "PRAGMA journal_size_limit = \(16 << 20)")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try Self.migrate(queue)
        } catch {
            throw SinkError(path: path, underlying: error)
        }
    }

    /// Writes all that is in the write-ahead log into the file itself and closes it.
    ///
    /// - Throws: `SinkError`, for example if another process reads for too long; then nothing is lost, and the log
    ///   stays beside the file.
    public func checkpointAndClose() throws(SinkError) {
        do {
            try queue.writeWithoutTransaction { database in
                _ = try database.checkpoint(.truncate)
            }
            try queue.close()
        } catch {
            throw SinkError(path: path, underlying: error)
        }
    }
}

extension FrameDatabase {
    /// The version of the tables, kept in SQLite's `user_version`.
    static let schemaVersion = 1

    private static let schema = """
        CREATE TABLE series (
            series INTEGER PRIMARY KEY,
            gateway TEXT NOT NULL,
            run TEXT NOT NULL,            -- 16 hexadecimal digits
            stream TEXT NOT NULL,
            dimension INTEGER NOT NULL,
            UNIQUE (gateway, run, stream, dimension)
        ) STRICT;
        CREATE TABLE bundles (
            bundle INTEGER PRIMARY KEY,
            identity TEXT NOT NULL UNIQUE -- SHA-256 in hexadecimal
        ) STRICT;
        CREATE TABLE frames (
            series INTEGER NOT NULL REFERENCES series,
            sequence INTEGER NOT NULL,
            agent_time_ns INTEGER NOT NULL,    -- since 1970
            arrival_time_ns INTEGER NOT NULL,  -- since 1970
            clock_synced INTEGER NOT NULL,     -- 0 or 1: the agent's clock
            bundle INTEGER NOT NULL REFERENCES bundles,
            rung INTEGER NOT NULL,
            frame_values BLOB NOT NULL,        -- little-endian float32
            PRIMARY KEY (series, sequence)
        ) STRICT;
        CREATE INDEX frames_by_arrival ON frames (arrival_time_ns);
        PRAGMA user_version = \(schemaVersion);
        """

    private static func migrate(_ queue: DatabaseQueue) throws {
        try queue.write { database in
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            switch version {
            case schemaVersion: break
            case 0: try database.execute(sql: schema)
            default: throw SinkError.unknownVersion(version)
            }
        }
    }
}
