public import Logging
import Synchronization

/// Moves frames from the queue to the database, and deletes old ones.
///
/// A write that fails (full disk, locked file) is tried again until it succeeds; meanwhile the queue fills and then
/// refuses frames. What is wrong is in the status and, once, in the log.
public final class SinkWriter: Sendable {
    /// How the writer works.
    public struct Options: Sendable, Hashable {
        /// What is kept.
        public var retention: FrameDatabase.Retention
        /// How long frames gather for one transaction.
        public var gatherTime: Duration = .milliseconds(50)
        /// How often old frames are looked for.
        public var retentionInterval: Duration = .seconds(1)
        /// The pauses between attempts to write: the first, doubled up to the last.
        public var retryPauses: ClosedRange<Duration> = .milliseconds(100)...(.seconds(5))
        /// How long the end may wait for a database that cannot be written.
        public var patienceAtEnd: Duration = .seconds(2)

        /// Creates options.
        public init(retention: FrameDatabase.Retention) {
            self.retention = retention
        }
    }

    private let database: FrameDatabase
    private let queue: FrameQueue
    private let options: Options
    private let logger: Logger
    private let wallNanoseconds: @Sendable () -> Int64
    private let state = Mutex(SinkStatus())

    /// Creates a writer.
    ///
    /// - Parameter wallNanoseconds: the time of day, in nanoseconds since 1970.
    public init(
        database: FrameDatabase, queue: FrameQueue, options: Options, logger: Logger,
        wallNanoseconds: @escaping @Sendable () -> Int64
    ) {
        self.database = database
        self.queue = queue
        self.options = options
        self.logger = logger
        self.wallNanoseconds = wallNanoseconds
    }

    /// What the writer has done.
    public var status: SinkStatus { state.withLock { $0 } }

    /// Writes until the queue is closed and empty, then puts everything into the database file itself.
    public func run() async {
        await withTaskGroup { group in
            group.addTask { [queue, options] in
                while !Task.isCancelled, (try? await Task.sleep(for: options.retentionInterval)) != nil {
                    queue.nudge()
                }
            }
            await writeUntilClosed()
            group.cancelAll()
        }
        do {
            try database.checkpointAndClose()
        } catch {
            logger.warning("database not closed cleanly", metadata: ["error": "\(error)"])
        }
    }

    private func writeUntilClosed() async {
        var lastRetention = ContinuousClock.now - options.retentionInterval
        for await _ in queue.signals {
            if !queue.isClosed { try? await Task.sleep(for: options.gatherTime) }
            while let batch = queue.take() {
                await store(batch)
                queue.finish(batch)
            }
            if queue.isClosed, queue.status.frames == 0 { return }
            if lastRetention.duration(to: .now) >= options.retentionInterval {
                await deleteOldFrames()
                lastRetention = .now
            }
        }
    }

    private func store(_ batch: FrameBatch) async {
        var pause = options.retryPauses.lowerBound
        var giveUp: ContinuousClock.Instant?
        while true {
            do {
                let outcome = try await database.insert(batch)
                noteSuccess { status in
                    status.stored += UInt64(outcome.stored)
                    status.duplicates += UInt64(outcome.duplicates)
                }
                return
            } catch {
                noteFailure(error)
            }
            if queue.isClosed {
                let deadline = giveUp ?? .now + options.patienceAtEnd
                giveUp = deadline
                guard .now < deadline else {
                    state.withLock { $0.lost += UInt64(batch.count) }
                    logger.error(
                        "frames lost: the database could not be written before the end",
                        metadata: [
                            "frames": "\(batch.count)"
                        ])
                    return
                }
            }
            // Space may be what is missing.
            if !queue.isClosed { await deleteOldFrames() }
            await rest(for: pause)
            pause = min(pause * 2, options.retryPauses.upperBound)
        }
    }

    /// Waits, but after the queue is closed only a little.
    private func rest(for pause: Duration) async {
        let end = ContinuousClock.now + pause
        repeat {
            try? await Task.sleep(for: min(pause, options.retryPauses.lowerBound))
        } while .now < end && !queue.isClosed
    }

    private func deleteOldFrames() async {
        var isUnfinished = true
        while isUnfinished {
            do {
                let outcome = try await database.applyRetention(options.retention, now: wallNanoseconds())
                state.withLock { status in
                    status.deletedByAge += UInt64(outcome.deletedByAge)
                    status.deletedBySize += UInt64(outcome.deletedBySize)
                    status.fileBytes = outcome.fileBytes
                }
                // Frames that wait for the disk go first.
                isUnfinished = outcome.isUnfinished && queue.status.frames == 0
            } catch {
                noteFailure(error)
                return
            }
        }
    }

    private func noteSuccess(_ update: (inout SinkStatus) -> Void) {
        let problem = state.withLock { status in
            update(&status)
            defer { status.problem = nil }
            return status.problem
        }
        if problem != nil { logger.notice("database written again") }
    }

    private func noteFailure(_ error: SinkError) {
        let isNew = state.withLock { status in
            status.failures += 1
            defer { status.problem = error.description }
            return status.problem != error.description
        }
        if isNew { logger.error("database not written; trying again", metadata: ["error": "\(error)"]) }
    }
}
