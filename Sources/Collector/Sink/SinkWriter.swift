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
        /// How long after the queue was closed a database that cannot be written is tried again.
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
    private let state = Mutex(State())

    private struct State {
        var status = SinkStatus()
        /// Why frames could not be stored when that was last tried.
        var storingProblem: String?
        /// Why old frames could not be deleted when that was last tried.
        var deletingProblem: String?
    }

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
    public var status: SinkStatus { state.withLock { $0.status } }

    /// Writes until the queue is closed and empty, then puts everything into the database file itself.
    ///
    /// Frames that cannot be stored in time, or before the task is cancelled, are counted as lost.
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
        // After a cancellation the queue may still be open: what comes now is refused and counted there.
        queue.close()
        if let batch = queue.take() { giveUp(batch) }
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
                guard await store(batch) else { return giveUp(batch) }
                queue.finish(batch)
            }
            if queue.isClosed, queue.status.frames == 0 { return }
            if lastRetention.duration(to: .now) >= options.retentionInterval {
                await deleteOldFrames()
                lastRetention = .now
            }
        }
    }

    /// Tries until the batch is stored.
    ///
    /// - Returns: false if it is not, and there is no time to try again.
    private func store(_ batch: FrameBatch) async -> Bool {
        var pause = options.retryPauses.lowerBound
        while true {
            do {
                let outcome = try await database.insert(batch)
                update { state in
                    state.status.stored += UInt64(outcome.stored)
                    state.status.duplicates += UInt64(outcome.duplicates)
                    // What kept frames from being stored kept old ones from being deleted, too.
                    if state.storingProblem != nil { state.deletingProblem = nil }
                    state.storingProblem = nil
                }
                return true
            } catch {
                update { state in
                    state.status.failures += 1
                    state.storingProblem = error.description
                }
            }
            guard !isOutOfTime else { return false }
            // Space may be what is missing.
            if !queue.isClosed { await deleteOldFrames() }
            await rest(for: pause)
            pause = min(pause * 2, options.retryPauses.upperBound)
        }
    }

    /// Whether what fails now is not tried again.
    private var isOutOfTime: Bool {
        if Task.isCancelled { return true }
        guard let closing = queue.closing else { return false }
        return closing.duration(to: .now) >= options.patienceAtEnd
    }

    /// Counts a batch as lost.
    private func giveUp(_ batch: consuming FrameBatch) {
        let count = batch.count
        state.withLock { $0.status.lost += UInt64(count) }
        logger.error(
            "frames lost: the database could not be written before the end",
            metadata: ["frames": "\(count)"])
        queue.finish(batch)
    }

    /// Waits, but after the queue is closed only a little.
    private func rest(for pause: Duration) async {
        let end = ContinuousClock.now + pause
        repeat {
            try? await Task.sleep(for: min(pause, options.retryPauses.lowerBound))
        } while .now < end && !queue.isClosed && !Task.isCancelled
    }

    private func deleteOldFrames() async {
        var isUnfinished = true
        while isUnfinished {
            do {
                let outcome = try await database.applyRetention(options.retention, now: wallNanoseconds())
                update { state in
                    state.status.deletedByAge += UInt64(outcome.deletedByAge)
                    state.status.deletedBySize += UInt64(outcome.deletedBySize)
                    state.status.fileBytes = outcome.fileBytes
                    state.deletingProblem = nil
                }
                // Frames that wait for the disk go first, and the end does not wait for this.
                isUnfinished = outcome.isUnfinished && queue.status.frames == 0 && !queue.isClosed
            } catch {
                update { state in
                    state.status.failures += 1
                    state.deletingProblem = error.description
                }
                return
            }
        }
    }

    /// Changes the state, and logs when a problem comes, changes or goes.
    private func update(_ change: (inout State) -> Void) {
        let (before, after) = state.withLock { state in
            let before = state.status.problem
            change(&state)
            state.status.problem = state.storingProblem ?? state.deletingProblem
            return (before, state.status.problem)
        }
        guard before != after else { return }
        if let after {
            logger.error("database not written; trying again", metadata: ["error": "\(after)"])
        } else {
            logger.notice("database written again")
        }
    }
}
