import Quantization
import WireFormat

/// A frame that waits to be sent, without its values.
struct PendingFrame: Sendable {
    var sequence: UInt64
    var tick: Tick
    /// When it is due.
    var deadline: MonotonicInstant
    /// When it is too old.
    var expiry: MonotonicInstant
}

/// The frames of a stream that wait to be sent: a ring of fixed capacity, values and all. Allocates in `init` only.
struct PendingFrames: Sendable {
    let capacity: Int
    private let dimension: Int
    private var frames: [PendingFrame]
    /// Values of the frame in place p: p·dimension ..< (p+1)·dimension.
    private var values: [Float]
    private var head = 0
    private(set) var count = 0

    init(capacity: Int, dimension: Int, now: MonotonicInstant) {
        self.capacity = capacity
        self.dimension = dimension
        frames = Array(
            repeating: PendingFrame(sequence: 0, tick: Tick(0), deadline: now, expiry: now), count: capacity)
        values = Array(repeating: 0, count: capacity * dimension)
    }

    var isEmpty: Bool { count == 0 }
    var isFull: Bool { count == capacity }

    /// The oldest frame.
    var first: PendingFrame? { count == 0 ? nil : frames[head] }

    /// A frame by age, 0 for the oldest.
    subscript(offset: Int) -> PendingFrame {
        precondition(0..<count ~= offset, "a frame that waits")
        return frames[place(offset)]
    }

    /// Adds the newest frame; traps when the ring is full.
    mutating func append(_ frame: PendingFrame, values newValues: Span<Float>) {
        precondition(!isFull, "the ring is full")
        let place = place(count)
        frames[place] = frame
        let start = place * dimension
        for index in newValues.indices { values[start + index] = newValues[index] }
        count += 1
    }

    /// Removes the oldest frames.
    mutating func removeFirst(_ removed: Int) {
        precondition(0...count ~= removed, "as many frames wait")
        head = place(removed)
        count -= removed
    }

    /// How many of the oldest `limit` frames have consecutive sequences and places, so that they make one block.
    func run(limit: Int) -> Int {
        let most = min(limit, count, capacity - head)
        var length = min(1, most)
        while length < most, frames[head + length].sequence == frames[head].sequence + UInt64(length) {
            length += 1
        }
        return length
    }

    /// Quantizes the oldest frames, which must be a run.
    func quantize(oldest run: Int, rung: Int, with encoder: inout FrameEncoder) {
        let range = head * dimension..<(head + run) * dimension
        encoder.quantize(values.span.extracting(range), count: run, rung: rung)
    }

    /// How many of the oldest frames are due.
    func dueCount(now: MonotonicInstant) -> Int {
        var due = 0
        while due < count, frames[place(due)].deadline <= now { due += 1 }
        return due
    }

    private func place(_ offset: Int) -> Int {
        let place = head + offset
        return place < capacity ? place : place - capacity
    }
}
