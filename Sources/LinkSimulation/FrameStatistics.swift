public import Bundles
import Quantization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Figures of distortion, by the definitions of the design.
public enum FrameStatistics {
    /// The mean squared distance per dimension of frames from a mean frame.
    public static func variance(of frames: FrameArray, around mean: [Float]) -> Double {
        var sum = 0.0
        for first in stride(from: 0, to: frames.values.count, by: mean.count) {
            for index in 0..<mean.count {
                let difference = Double(frames.values[first + index]) - Double(mean[index])
                sum += difference * difference
            }
        }
        return sum / Double(max(frames.values.count, 1))
    }

    /// −10·log10(mse / variance), held within ±200 dB so that a frame without error is a number.
    public static func snr(mse: Double, variance: Double) -> Double {
        guard mse > 0 else { return 200 }
        guard variance > 0 else { return -200 }
        return min(max(-10 * log10(mse / variance), -200), 200)
    }

    /// The mean squared error per dimension of a frame against another of the same dimension.
    public static func mse(
        of rebuilt: FrameArray, frame: Int, against original: FrameArray, frame other: Int
    ) -> Double {
        let dimension = original.shape.dimension
        precondition(rebuilt.shape.dimension == dimension, "the frames have one dimension")
        var sum = 0.0
        for index in 0..<dimension {
            let difference =
                Double(rebuilt.values[frame * dimension + index])
                - Double(original.values[other * dimension + index])
            sum += difference * difference
        }
        return sum / Double(dimension)
    }
}
