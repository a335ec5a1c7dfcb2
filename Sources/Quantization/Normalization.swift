/// What makes frames of a stream comparable: x = mean + scale · normalized.
public struct Normalization: Sendable, Equatable {
    /// The scales that there may be.
    public static let scales: ClosedRange<Float> = 1e-18...1e18

    /// The largest magnitude of a mean. With the bounds of scale and codewords, decoded values are then finite.
    public static let largestMean: Float = 1e38

    /// The largest magnitude of a normalized value that distances can be taken of in float32, at any dimension.
    public static let largestNormalizedValue: Float = 1e15

    /// Mean frame of the calibration frames, one value for each dimension.
    public let mean: [Float]

    /// Common scale of all dimensions, in the stream's units.
    public let scale: Float

    /// Creates a normalization. Traps unless `scale` is in `scales` and no mean is larger than `largestMean`.
    public init(mean: [Float], scale: Float) {
        precondition(Self.scales ~= scale, "the scale of a normalization is 1e-18...1e18")
        precondition(
            mean.allSatisfy { $0.magnitude <= Self.largestMean }, "a mean has a magnitude of at most 1e38")
        self.mean = mean
        self.scale = scale
    }
}

extension Normalization {
    /// Normalizes whole frames: (x − mean) / scale, by one subtraction and one division a value.
    /// The result goes to the front of `normalized`; traps where it does not fit.
    public func normalize(_ frames: Span<Float>, into normalized: inout [Float]) {
        var dimension = 0
        for index in frames.indices {
            normalized[index] = (frames[index] - mean[dimension]) / scale
            dimension += 1
            if dimension == mean.count { dimension = 0 }
        }
    }

    /// The first of whole frames with a normalized value that is larger than `largestNormalizedValue`, or not a
    /// number; nil if there is none.
    ///
    /// - Complexity: O(values)
    public func firstFrameOutOfRange(_ frames: Span<Float>) -> Int? {
        for index in frames.indices {
            let value = (frames[index] - mean[index % mean.count]) / scale
            if !(value.magnitude <= Self.largestNormalizedValue) { return index / mean.count }
        }
        return nil
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
