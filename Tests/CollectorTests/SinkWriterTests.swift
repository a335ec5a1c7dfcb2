import Collector
import Foundation
import GRDB
import Logging
import Testing

private let keepAll = FrameDatabase.Retention(maximumAge: .seconds(1 << 30), maximumBytes: 1 << 40)

private func silentLogger() -> Logger {
    Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

private func makeWriter(
    _ database: FrameDatabase, _ queue: FrameQueue, retentionInterval: Duration = .seconds(1)
) -> SinkWriter {
    var options = SinkWriter.Options(retention: keepAll)
    options.gatherTime = .milliseconds(1)
    options.retentionInterval = retentionInterval
    options.retryPauses = .milliseconds(5)...(.milliseconds(20))
    options.patienceAtEnd = .milliseconds(50)
    return SinkWriter(
        database: database, queue: queue, options: options, logger: silentLogger(), wallNanoseconds: { 0 })
}

private func append(_ sequences: Range<UInt64>, to queue: FrameQueue) -> Int {
    sequences.count { sequence in
        queue.append(series: key(), bundle: bundle, stamp: stamp(sequence), values: values(sequence).span)
    }
}

/// A connection of another program, as it were, that may leave a transaction open.
private func lockingConnection(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: path, configuration: configuration)
}

/// Looks until `condition` holds; false after 20 s.
private func eventually(_ condition: () throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    while .now < deadline {
        if try condition() { return true }
        try await Task.sleep(for: .milliseconds(2))
    }
    return false
}

@Suite struct FrameQueueTests {
    @Test func fullQueuesRefuseTheNewestAndCount() {
        let queue = FrameQueue(limits: .init(frames: 10))
        #expect(append(0..<15, to: queue) == 10)
        #expect(queue.status.frames == 10)
        #expect(queue.status.refused == 5)
    }

    @Test func bytesAreBoundedToo() {
        let queue = FrameQueue(limits: .init(frames: 1_000_000, bytes: 10_000))
        let taken = append(0..<1_000, to: queue)
        #expect(taken > 50 && taken < 1_000)
        #expect(queue.status.bytes <= 10_000)
        #expect(queue.status.refused == UInt64(1_000 - taken))
    }

    @Test func closedQueuesRefuse() {
        let queue = FrameQueue(limits: .init(frames: 10))
        queue.close()
        #expect(append(0..<1, to: queue) == 0)
    }
}

@Suite struct SinkWriterTests {
    @Test func whatIsInTheQueueAtTheEndIsStoredInTheFileItself() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        let queue = FrameQueue(limits: .init(frames: 100_000))
        let writer = makeWriter(try FrameDatabase(path: path), queue)
        async let writing: Void = writer.run()
        for round in UInt64(0)..<50 {
            #expect(append(round * 100..<(round + 1) * 100, to: queue) == 100)
            if round % 10 == 0 { try await Task.sleep(for: .milliseconds(3)) }
        }
        queue.close()
        await writing
        #expect(writer.status.stored == 5_000)
        #expect(queue.status.frames == 0)
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"), "the log is in the file and gone")
        #expect(try storedCount(path) == 5_000)
    }

    @Test func aLockedDatabaseIsTriedAgainAndNothingThatWasTakenIsLost() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        let queue = FrameQueue(limits: .init(frames: 200))
        let writer = makeWriter(try FrameDatabase(path: path), queue)
        let other = try lockingConnection(path)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        async let writing: Void = writer.run()
        var taken = append(0..<100, to: queue)
        #expect(try await eventually { writer.status.failures > 0 })
        #expect(writer.status.problem == "\(path): another process holds the database locked")
        #expect(writer.status.stored == 0)
        taken += append(100..<300, to: queue)
        #expect(taken == 200)
        #expect(queue.status.refused == 100)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await eventually { writer.status.stored == 200 })
        #expect(try await eventually { writer.status.problem == nil })
        #expect(append(300..<310, to: queue) == 10, "the queue takes frames again")
        queue.close()
        await writing
        #expect(writer.status.stored == 210 && writer.status.lost == 0)
    }

    @Test func aDatabaseLockedAtTheEndCostsItsFramesVisiblyAndNoTime() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        let queue = FrameQueue(limits: .init(frames: 200))
        let writer = makeWriter(try FrameDatabase(path: path), queue)
        let other = try lockingConnection(path)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(append(0..<100, to: queue) == 100)
        queue.close()
        await writer.run()
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(writer.status.lost == 100 && writer.status.stored == 0)
    }

    @Test(arguments: [false, true])
    func whatIsLostAtTheEndIsCountedWholly(isCancelled: Bool) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        let queue = FrameQueue(limits: .init(frames: 200))
        let writer = makeWriter(try FrameDatabase(path: path), queue)
        let other = try lockingConnection(path)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(append(0..<100, to: queue) == 100)
        let writing = Task { await writer.run() }
        #expect(try await eventually { writer.status.failures > 0 })
        #expect(append(100..<150, to: queue) == 50, "these never come to be written")
        if isCancelled {
            writing.cancel()
        } else {
            queue.close()
        }
        await writing.value
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(writer.status.lost == 150 && writer.status.stored == 0)
        #expect(queue.status.frames == 0)
        #expect(append(150..<151, to: queue) == 0, "nobody would write it")
    }

    @Test func aFailureOfRetentionIsOverOnceItSucceeds() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("frames.sqlite")
        let queue = FrameQueue(limits: .init(frames: 200))
        let writer = makeWriter(
            try FrameDatabase(path: path), queue, retentionInterval: .milliseconds(5))
        let other = try lockingConnection(path)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        async let writing: Void = writer.run()
        #expect(try await eventually { writer.status.problem != nil })
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await eventually { writer.status.problem == nil })
        #expect(writer.status.stored == 0, "no frame came")
        queue.close()
        await writing
    }
}
