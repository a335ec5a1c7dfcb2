/// What makes frames of a stream comparable: x = mean + scale · normalized.
public struct Normalization: Sendable, Equatable {
    /// Mean frame of the calibration frames, one value for each dimension.
    public let mean: [Float]

    /// Common scale of all dimensions, in the stream's units; positive and finite.
    public let scale: Float

    /// Creates a normalization. Traps unless `scale` is a positive normal number and `mean` is finite.
    public init(mean: [Float], scale: Float) {
        precondition(scale.isNormal && scale > 0, "the scale of a normalization is a positive normal number")
        precondition(mean.allSatisfy(\.isFinite), "the mean of a normalization is finite")
        self.mean = mean
        self.scale = scale
    }
}

extension Normalization {
    /// Normalizes whole frames: (x − mean) / scale, by one subtraction and one division a value.
    func normalize(_ frames: Span<Float>, into normalized: inout [Float]) {
        var dimension = 0
        for index in frames.indices {
            normalized[index] = (frames[index] - mean[dimension]) / scale
            dimension += 1
            if dimension == mean.count { dimension = 0 }
        }
    }

    /// Brings a range of one frame's values back to the stream's units: mean + scale · x, by one multiplication
    /// and one addition a value, each rounded.
    ///
    /// - Parameters:
    ///   - normalized: The values of `range`, and maybe more.
    ///   - range: Where in the frame they belong.
    ///   - frames: Where to write them.
    ///   - start: Where in `frames` the frame starts.
    func denormalize(
        _ normalized: Span<Float>, range: Range<Int>, into frames: inout MutableSpan<Float>, at start: Int
    ) {
        for index in range {
            frames[start + index] = mean[index] + scale * normalized[index - range.lowerBound]
        }
    }
}
