import Synchronization

/// The bounded queue between the receive loop and the database writer.
///
/// A frame that was taken in stays until it is stored. One that does not fit is refused and counted, so that a disk
/// that is full or locked costs the newest frames and never memory.
public final class FrameQueue: Sendable {
    /// What a queue may hold, the batch that is being written included.
    public struct Limits: Sendable, Hashable {
        /// How many frames.
        public var frames: Int
        /// How many bytes.
        public var bytes: Int

        /// Creates limits.
        public init(frames: Int, bytes: Int = 64 << 20) {
            self.frames = frames
            self.bytes = bytes
        }
    }

    /// What a queue holds and what it refused.
    public struct Status: Sendable, Hashable {
        /// Frames that wait or are being written.
        public var frames = 0
        /// Bytes of these frames.
        public var bytes = 0
        /// Frames refused because the queue was full.
        public var refused: UInt64 = 0
    }

    private struct State {
        var filling = FrameBatch()
        var spare: FrameBatch?
        var writingFrames = 0
        var writingBytes = 0
        var refused: UInt64 = 0
        var closing: ContinuousClock.Instant?
    }

    /// The most bytes that an empty batch keeps.
    private static let keptCapacity = 4 << 20

    /// The bounds.
    public let limits: Limits
    private let state = Mutex(State())
    private let wakeUps: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// Creates an empty queue.
    public init(limits: Limits) {
        self.limits = limits
        (wakeUps, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes a frame in, or refuses it if the queue is full.
    ///
    /// - Returns: whether the frame was taken in.
    @discardableResult
    public func append(series: SeriesKey, bundle: String, stamp: FrameStamp, values: Span<Float>) -> Bool {
        let outcome = state.withLock { state -> (accepted: Bool, wasEmpty: Bool) in
            let frames = state.filling.count + state.writingFrames
            let bytes =
                state.filling.byteCount + state.writingBytes + FrameBatch.byteCount(dimension: values.count)
            guard frames < limits.frames, bytes <= limits.bytes, state.closing == nil else {
                state.refused += 1
                return (false, false)
            }
            let wasEmpty = state.filling.count == 0
            state.filling.append(series: series, bundle: bundle, stamp: stamp, values: values)
            return (true, wasEmpty)
        }
        if outcome.wasEmpty { waker.yield() }
        return outcome.accepted
    }

    /// Takes no more frames; the writer ends when it has stored what is in the queue.
    public func close() {
        state.withLock { $0.closing = $0.closing ?? .now }
        waker.yield()
    }

    /// What the queue holds now.
    public var status: Status {
        state.withLock { state in
            Status(
                frames: state.filling.count + state.writingFrames,
                bytes: state.filling.byteCount + state.writingBytes, refused: state.refused)
        }
    }
}

extension FrameQueue {
    /// One element whenever frames came into an empty queue, the queue was closed, or `nudge()` was called.
    var signals: AsyncStream<Void> { wakeUps }

    /// Wakes the writer for its regular work.
    func nudge() {
        waker.yield()
    }

    /// Whether the queue takes no more frames.
    var isClosed: Bool { closing != nil }

    /// When the queue was closed.
    var closing: ContinuousClock.Instant? {
        state.withLock { $0.closing }
    }

    /// Hands over all waiting frames, or nil if there are none. Every batch must be given back by `finish(_:)`.
    func take() -> FrameBatch? {
        state.withLock { state in
            guard state.filling.count > 0 else { return nil }
            let batch = state.filling
            state.filling = state.spare ?? FrameBatch()
            state.spare = nil
            state.writingFrames = batch.count
            state.writingBytes = batch.byteCount
            return batch
        }
    }

    /// Takes back a batch whose frames are stored or given up.
    func finish(_ batch: consuming FrameBatch) {
        batch.removeAll()
        // What a stall of the disk has filled is not kept for ever.
        let empty = batch.capacityBytes <= Self.keptCapacity ? batch : nil
        state.withLock { state in
            state.writingFrames = 0
            state.writingBytes = 0
            state.spare = empty
        }
    }
}
