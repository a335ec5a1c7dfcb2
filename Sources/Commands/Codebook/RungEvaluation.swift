import Bundles
import Quantization

/// What a rung does to frames: rate, distortion and speed.
struct RungEvaluation {
    /// The most frames timed one by one.
    private static let timed = 1_000

    var rung: Int
    var sizes: [Int]
    var lambda: Float
    var nominalBitsPerFrame: Double
    var codedBitsPerFrame: Double
    var mse: Double
    /// Null where the frames have no variance.
    var nmse: Double?
    /// Null where there is no distortion or no variance.
    var snrDb: Double?
    /// Codewords of all stages that some frame uses.
    var usedCodewords: Int
    var encodeNsPerFrame: Double
    var encodeNsPerFrameBatch64: Double
    var decodeNsPerFrame: Double
    /// The mse with dedicated k-means in the last stage; only with `--against kmeans`.
    var dedicatedMse: Double?
    /// Its coded bits, with tables of its own.
    var dedicatedCodedBitsPerFrame: Double?

    /// Measures rate, distortion and speed; the speed of single frames too.
    init(_ rung: Int, of codec: FrameCodec, frames: FrameArray, variance: Double) throws(CommandFailure) {
        let description = codec.ladder.rungs[rung]
        self.rung = rung
        sizes = description.sizes
        lambda = description.lambda
        nominalBitsPerFrame = description.nominalBits(tokens: codec.shape.tokens)
        let measured = try RungMeasurement(rung, of: codec, frames: frames)
        codedBitsPerFrame = measured.codedBitsPerFrame
        mse = measured.mse
        nmse = Distortion.nmse(mse, variance: variance)
        snrDb = Distortion.snr(mse, variance: variance)
        usedCodewords = measured.usedCodewords
        encodeNsPerFrame = Self.medianNanoseconds(Self.timeSingly(codec, frames: frames, rung: rung))
        encodeNsPerFrameBatch64 = Self.medianNanoseconds(measured.encodeTimes)
        decodeNsPerFrame = Self.medianNanoseconds(measured.decodeTimes)
    }

    private static func timeSingly(_ codec: FrameCodec, frames: FrameArray, rung: Int) -> [Duration] {
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 1)
        let dimension = frames.shape.dimension
        let count = min(frames.count, timed)
        var times: [Duration] = []
        times.reserveCapacity(count)
        for index in 0..<count {
            let first = index * frames.count / count * dimension
            let frame = frames.values.span.extracting(first..<first + dimension)
            times.append(
                ContinuousClock().measure {
                    encoder.quantize(frame, count: 1, rung: rung)
                    _ = encoder.code()
                })
        }
        return times
    }

    private static func medianNanoseconds(_ times: [Duration]) -> Double {
        let sorted = times.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2] / .nanoseconds(1)
    }
}
