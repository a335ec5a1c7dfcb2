import FoundationEssentials
import GRDB

extension FrameDatabase {
    /// What became of a batch.
    public struct InsertOutcome: Sendable, Hashable {
        /// Frames that are new in the file.
        public var stored = 0
        /// Frames that the file had already.
        public var duplicates = 0
    }

    /// Stores a batch in one transaction: all of it or, on an error, nothing.
    public func insert(_ batch: FrameBatch) async throws(SinkError) -> InsertOutcome {
        do {
            return try await queue.write { database in
                try Self.insert(batch, into: database)
            }
        } catch {
            throw SinkError(path: path, underlying: error)
        }
    }

    private static func insert(_ batch: FrameBatch, into database: Database) throws -> InsertOutcome {
        let series = try batch.series.map { try identifier(of: $0, in: database) }
        let bundles = try batch.bundles.map { try identifier(ofBundle: $0, in: database) }
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO frames (series, sequence, agent_time_ns, arrival_time_ns, clock_synced, \
                bundle, rung, frame_values) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        var outcome = InsertOutcome()
        for entry in batch.entries {
            let dimension = batch.series[entry.series].dimension
            let values = batch.values[entry.valuesStart..<entry.valuesStart + dimension]
            try statement.execute(arguments: [
                series[entry.series], Int64(bitPattern: entry.stamp.sequence), entry.stamp.agentNanoseconds,
                entry.stamp.arrivalNanoseconds, entry.stamp.clockSynced, bundles[entry.bundle],
                entry.stamp.rung, blob(values),
            ])
            if database.changesCount == 1 {
                outcome.stored += 1
            } else {
                outcome.duplicates += 1
            }
        }
        return outcome
    }

    private static func blob(_ values: ArraySlice<Float>) -> Data {
        let words = values.map(\.bitPattern.littleEndian)
        return unsafe words.withUnsafeBytes { unsafe Data($0) }
    }

    private static func identifier(of key: SeriesKey, in database: Database) throws -> Int64 {
        let arguments: StatementArguments = [key.gateway, key.runText, key.stream, key.dimension]
        try database.execute(
            sql: "INSERT OR IGNORE INTO series (gateway, run, stream, dimension) VALUES (?, ?, ?, ?)",
            arguments: arguments)
        return try required(
            Int64.fetchOne(
                database,
                sql:
                    "SELECT series FROM series WHERE gateway = ? AND run = ? AND stream = ? AND dimension = ?",
                arguments: arguments))
    }

    private static func identifier(ofBundle identity: String, in database: Database) throws -> Int64 {
        try database.execute(
            sql: "INSERT OR IGNORE INTO bundles (identity) VALUES (?)", arguments: [identity])
        return try required(
            Int64.fetchOne(
                database, sql: "SELECT bundle FROM bundles WHERE identity = ?", arguments: [identity]))
    }

    private static func required(_ identifier: Int64?) throws -> Int64 {
        guard let identifier else { throw DatabaseError(message: "a row that was just written is gone") }
        return identifier
    }
}
