import GRDB
import WireFormat

extension FrameDatabase {
    /// What is kept in the file.
    public struct Retention: Sendable, Hashable {
        /// Frames that arrived longer ago are deleted.
        public var maximumAge: Duration
        /// Past this size of the file in bytes the oldest frames are deleted.
        public var maximumBytes: Int

        /// Creates a rule.
        public init(maximumAge: Duration, maximumBytes: Int) {
            self.maximumAge = maximumAge
            self.maximumBytes = maximumBytes
        }
    }

    /// What one step of retention did.
    public struct RetentionOutcome: Sendable, Hashable {
        /// Frames deleted because of their age.
        public var deletedByAge = 0
        /// Frames deleted because of the file's size.
        public var deletedBySize = 0
        /// The file's size in bytes after the step, without the write-ahead log.
        public var fileBytes = 0
        /// Whether there is more to delete now.
        public var isUnfinished = false
    }

    /// How many frames one step deletes at most, so that storing frames never waits long.
    public static let retentionStep = 2_000

    /// Deletes at most `retentionStep` of the oldest frames where the rule says so, and gives free pages back.
    ///
    /// - Parameter now: nanoseconds since 1970.
    public func applyRetention(_ rule: Retention, now: Int64) async throws(SinkError) -> RetentionOutcome {
        do {
            return try await queue.writeWithoutTransaction { database in
                var outcome = RetentionOutcome()
                try database.inTransaction(.immediate) {
                    try Self.deleteAged(rule, now: now, in: database, &outcome)
                    try Self.deleteExcess(rule, in: database, &outcome)
                    return .commit
                }
                outcome.fileBytes = try Self.giveBackFreePages(database)
                return outcome
            }
        } catch {
            throw SinkError(path: path, underlying: error)
        }
    }

    private static func deleteAged(
        _ rule: Retention, now: Int64, in database: Database, _ outcome: inout RetentionOutcome
    ) throws {
        let cutoff = now.subtractingReportingOverflow(rule.maximumAge.wholeNanoseconds)
        guard !cutoff.overflow else { return }
        try database.execute(
            sql: """
                DELETE FROM frames WHERE rowid IN \
                (SELECT rowid FROM frames WHERE arrival_time_ns < ? ORDER BY arrival_time_ns LIMIT ?)
                """,
            arguments: [cutoff.partialValue, retentionStep])
        outcome.deletedByAge = database.changesCount
        outcome.isUnfinished = outcome.deletedByAge == retentionStep
        try deleteEmptySeries(after: outcome.deletedByAge, in: database)
    }

    private static func deleteExcess(
        _ rule: Retention, in database: Database, _ outcome: inout RetentionOutcome
    ) throws {
        let pages = try pages(database)
        let excess = pages.usedBytes - rule.maximumBytes
        guard excess > 0 else { return }
        let sample = "SELECT frame_values FROM frames ORDER BY rowid LIMIT 100"
        let valueBytes = try Int.fetchOne(database, sql: "SELECT avg(length(frame_values)) FROM (\(sample))")
        guard let valueBytes else { return }
        // A row's other columns and its entries in the indices take about 80 bytes.
        let surplus = min(retentionStep, excess / (valueBytes + 80) + 1)
        try database.execute(
            sql: "DELETE FROM frames WHERE rowid IN (SELECT rowid FROM frames ORDER BY rowid LIMIT ?)",
            arguments: [surplus])
        outcome.deletedBySize = database.changesCount
        outcome.isUnfinished = outcome.isUnfinished || surplus == retentionStep
        try deleteEmptySeries(after: outcome.deletedBySize, in: database)
    }

    /// Returns free pages to the file system once they are an eighth of the file; fewer are soon used again, and
    /// moving pages for them would only wear out flash.
    ///
    /// - Returns: the file's size in bytes.
    private static func giveBackFreePages(_ database: Database) throws -> Int {
        let before = try pages(database)
        guard (before.fileBytes - before.usedBytes) > before.fileBytes / 8 else { return before.fileBytes }
        try database.execute(sql: "PRAGMA incremental_vacuum(\(retentionStep))")
        return try pages(database).fileBytes
    }

    /// Deletes series without frames, so that agents that restart often do not leave rows for ever.
    private static func deleteEmptySeries(after deleted: Int, in database: Database) throws {
        guard deleted > 0 else { return }
        try database.execute(
            sql: """
                DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM frames WHERE frames.series = series.series)
                """)
    }

    private static func pages(_ database: Database) throws -> (fileBytes: Int, usedBytes: Int) {
        let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        return (count * size, (count - free) * size)
    }
}
