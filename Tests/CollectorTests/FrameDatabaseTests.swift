import Collector
import Foundation
import GRDB
import Testing

@Suite struct FrameDatabaseTests {
    @Test func aFrameIsStoredOnceAndBitForBit() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        let database = try FrameDatabase(path: path)
        let first = try await database.insert(batch(key(), 0..<10))
        #expect(first.stored == 10 && first.duplicates == 0)
        let second = try await database.insert(batch(key(), 5..<15))
        #expect(second.stored == 5 && second.duplicates == 5)
        // The same sequences of another run are other frames.
        let other = try await database.insert(batch(key(run: 1), 0..<10))
        #expect(other.stored == 10)
        try database.checkpointAndClose()
        let rows = try DatabaseQueue(path: path).read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM frames JOIN series USING (series) JOIN bundles USING (bundle)
                    WHERE run = '00000000deadbeef' ORDER BY sequence
                    """)
        }
        #expect(rows.count == 15)
        for (sequence, row) in zip(UInt64(0)..., rows) {
            let blob: Data = row["frame_values"]
            #expect(Array(blob) == littleEndianBytes(values(sequence)))
            #expect(row["sequence"] == Int64(sequence))
            #expect(row["agent_time_ns"] == stamp(sequence).agentNanoseconds)
            #expect(row["arrival_time_ns"] == stamp(sequence).arrivalNanoseconds)
            #expect(row["clock_synced"] == stamp(sequence).clockSynced)
            #expect(row["rung"] == stamp(sequence).rung)
            #expect(row["identity"] == bundle)
            #expect(row["gateway"] == "gw-1" && row["stream"] == "press-7")
        }
    }

    @Test func oldFramesAreDeletedInSteps() async throws {
        let directory = try TemporaryDirectory()
        let database = try FrameDatabase(path: directory.file("frames.sqlite"))
        _ = try await database.insert(batch(key(), 0..<5_000))
        let rule = FrameDatabase.Retention(maximumAge: .seconds(1_000), maximumBytes: 1 << 40)
        // At second 5000 the frames that arrived before second 4000 are too old: sequences 0 to 3999.
        var deleted: [Int] = []
        repeat {
            let outcome = try await database.applyRetention(rule, now: 5_000_000_000_000)
            #expect(outcome.deletedBySize == 0)
            deleted.append(outcome.deletedByAge)
            if !outcome.isUnfinished { break }
        } while deleted.count < 10
        #expect(deleted == [2_000, 2_000, 0])
        #expect(try storedCount(directory.file("frames.sqlite")) == 1_000)
    }

    @Test func framesStampedInTheFutureDoNotKeepOldOnes() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        let database = try FrameDatabase(path: path)
        // The clock was wrong when these came, more of them than a step of retention looks at.
        var early = FrameBatch()
        let frame = values(0)
        for sequence in UInt64(0)..<2_500 {
            early.append(
                series: key(run: 1), bundle: bundle, stamp: stamp(sequence, arrival: .max), values: frame.span
            )
        }
        _ = try await database.insert(early)
        _ = try await database.insert(batch(key(run: 2), 0..<100))
        let rule = FrameDatabase.Retention(maximumAge: .seconds(50), maximumBytes: 1 << 40)
        let outcome = try await database.applyRetention(rule, now: 100_000_000_000)
        #expect(outcome.deletedByAge == 50)
        #expect(try storedCount(path) == 2_550)
    }

    @Test func theFileStaysInItsBound() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        let database = try FrameDatabase(path: path)
        let bound = 1 << 20
        let rule = FrameDatabase.Retention(maximumAge: .seconds(1 << 30), maximumBytes: bound)
        let wide = key(dimension: 192)
        for round in UInt64(0)..<40 {
            _ = try await database.insert(batch(wide, round * 200..<(round + 1) * 200))
            while try await database.applyRetention(rule, now: 0).isUnfinished {}
        }
        try database.checkpointAndClose()
        let size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        #expect(size < bound * 5 / 4)
        // What is left is the newest, without a hole.
        let sequences = try await DatabaseQueue(path: path).read {
            try Int64.fetchAll($0, sql: "SELECT sequence FROM frames ORDER BY sequence")
        }
        let first = try #require(sequences.first)
        #expect(sequences == Array(first..<8_000))
        #expect(sequences.count > 800)
    }

    @Test func seriesWithoutFramesGo() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        let database = try FrameDatabase(path: path)
        _ = try await database.insert(batch(key(run: 1), 0..<10))
        _ = try await database.insert(batch(key(run: 2), 100..<110))
        let rule = FrameDatabase.Retention(maximumAge: .seconds(50), maximumBytes: 1 << 40)
        _ = try await database.applyRetention(rule, now: 120_000_000_000)
        let runs = try await DatabaseQueue(path: path).read {
            try String.fetchAll($0, sql: "SELECT run FROM series")
        }
        #expect(runs == ["0000000000000002"])
    }

    @Test func otherFilesAreRefusedByName() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        try Data("this is a text and not a database, however long it may be".utf8).write(
            to: URL(fileURLWithPath: path))
        let error = #expect(throws: SinkError.self) { _ = try FrameDatabase(path: path) }
        #expect(error?.description == "\(path): this file is no SQLite database")
        let missing = #expect(throws: SinkError.self) { _ = try FrameDatabase(path: directory.file("a/b")) }
        #expect(missing?.description.contains("a/b: the file cannot be opened or created") == true)
    }

    @Test func aLaterVersionIsRefused() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        try await DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 99") }
        let error = #expect(throws: SinkError.self) { _ = try FrameDatabase(path: path) }
        #expect(error?.description.contains("version 99") == true)
    }
}
