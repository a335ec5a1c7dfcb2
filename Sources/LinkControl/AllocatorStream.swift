public import Quantization

/// What the allocator must know of a stream.
public struct AllocatorStream: Sendable, Equatable {
    /// The rungs of the stream's bundle.
    public var ladder: Ladder
    /// What one unit of mse of one frame is worth against those of other streams; positive.
    public var weight: Double
    /// The rungs that may be used, by index.
    public var rungs: ClosedRange<Int>
    /// The expected mse (the ladder's, a mean over calibration frames) that no rung in use may exceed; nil when any
    /// will do. Single frames may be further off.
    public var maximumDistortion: Double?

    /// Makes a description; traps unless the weight is positive and the rungs are the ladder's.
    public init(
        ladder: Ladder, weight: Double = 1, rungs: ClosedRange<Int>? = nil, maximumDistortion: Double? = nil
    ) {
        let rungs = rungs ?? 0...ladder.rungs.count - 1
        precondition(weight > 0 && weight.isFinite, "a weight is positive")
        precondition(
            rungs.lowerBound >= 0 && rungs.upperBound < ladder.rungs.count,
            "the allowed rungs are the ladder's")
        self.ladder = ladder
        self.weight = weight
        self.rungs = rungs
        self.maximumDistortion = maximumDistortion
    }
}
