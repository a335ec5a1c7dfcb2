public import Quantization

/// Frames to train or calibrate with: finite values of one shape.
public struct FrameSet: Sendable {
    /// The shape of each frame.
    public let shape: FrameShape

    /// `count × shape.dimension` values, frame by frame, in the stream's own units.
    public let values: [Float]

    /// Number of frames.
    public var count: Int { values.count / shape.dimension }

    /// Takes frames. Traps unless there are whole frames, at least one; throws at the first value that is not finite.
    public init(shape: FrameShape, values: [Float]) throws(TrainingError) {
        precondition(!values.isEmpty && values.count.isMultiple(of: shape.dimension), "whole frames")
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(frame: index / shape.dimension, dimension: index % shape.dimension)
        }
        self.shape = shape
        self.values = values
    }

    /// The mean frame, and the root mean square of what is left without it (1 where all frames are equal).
    public func normalization() throws(TrainingError) -> Normalization {
        let mean = meanFrame
        let scale = variance(around: mean).squareRoot()
        guard scale == 0 || Normalization.scales ~= Float(scale),
            mean.allSatisfy({ $0.magnitude <= Normalization.largestMean })
        else { throw .spreadOutOfRange }
        return Normalization(mean: mean, scale: scale == 0 ? 1 : Float(scale))
    }

    /// The mean of the frames.
    private var meanFrame: [Float] {
        let dimension = shape.dimension
        var sums: [Double] = Array(repeating: 0, count: dimension)
        for frame in 0..<count {
            for index in 0..<dimension { sums[index] += Double(values[frame * dimension + index]) }
        }
        return sums.map { Float($0 / Double(count)) }
    }

    /// The mean square of the values around the mean frame.
    var variance: Double { variance(around: meanFrame) }

    private func variance(around mean: [Float]) -> Double {
        let dimension = shape.dimension
        var squares = 0.0
        for frame in 0..<count {
            for index in 0..<dimension {
                let difference = Double(values[frame * dimension + index]) - Double(mean[index])
                squares += difference * difference
            }
        }
        return squares / Double(values.count)
    }

    /// All values normalized; throws at the first frame that is too far outside the scale.
    func normalized(by normalization: Normalization) throws(TrainingError) -> [Float] {
        if let frame = normalization.firstFrameOutOfRange(values.span) { throw .outOfRange(frame: frame) }
        var result = values
        normalization.normalize(values.span, into: &result)
        return result
    }

    /// `limit` of the frames, evenly spread, or all where there are no more.
    func evenlySpread(atMost limit: Int) -> FrameSet {
        FrameSet(
            shape: shape,
            finiteValues: values.evenlySpread(atMost: max(1, limit), dimension: shape.dimension))
    }

    private init(shape: FrameShape, finiteValues: [Float]) {
        self.shape = shape
        values = finiteValues
    }
}
