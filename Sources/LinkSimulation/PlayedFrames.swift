import Bundles
import Quantization

/// The frames that a simulation plays, and what a receiver without any of them would be wrong by.
struct PlayedFrames: Sendable {
    private let values: [Float]
    private let dimension: Int
    /// For each frame its squared distance from the bundle's mean.
    let meanErrors: [Double]

    /// Takes frames of the bundle's dimension.
    ///
    /// - Complexity: O(values)
    init(_ frames: FrameArray, mean: [Float]) {
        let values = frames.values
        dimension = mean.count
        self.values = values
        meanErrors = (0..<frames.count).map { frame in
            let range = frame * mean.count..<(frame + 1) * mean.count
            return Self.squaredDistance(values.span.extracting(range), mean.span)
        }
    }

    /// The squared distance of a rebuilt frame from one of these.
    func squaredError(of rebuilt: Span<Float>, frame: Int) -> Double {
        let range = frame * dimension..<(frame + 1) * dimension
        return Self.squaredDistance(values.span.extracting(range), rebuilt)
    }

    /// In four sums, so that one addition need not wait for the one before.
    private static func squaredDistance(_ left: Span<Float>, _ right: Span<Float>) -> Double {
        precondition(left.count == right.count, "the frames have one dimension")
        var sums = SIMD4<Double>.zero
        var index = 0
        while index + 4 <= left.count {
            let difference =
                SIMD4<Double>(
                    SIMD4<Float>(left[index], left[index + 1], left[index + 2], left[index + 3]))
                - SIMD4<Double>(
                    SIMD4<Float>(right[index], right[index + 1], right[index + 2], right[index + 3]))
            sums += difference * difference
            index += 4
        }
        while index < left.count {
            let difference = Double(left[index]) - Double(right[index])
            sums[0] += difference * difference
            index += 1
        }
        return sums.sum()
    }
}
