import Bundles
import Quantization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a rung does to frames: rate, distortion and speed.
struct RungEvaluation {
    /// Frames of a measured block.
    private static let framesPerBlock = 64

    /// The most frames timed one by one. Of blocks all are timed.
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

    /// Encodes and decodes frames in blocks of 64, then times both on one thread.
    init(_ rung: Int, of codec: FrameCodec, frames: FrameArray, variance: Double) throws(CommandFailure) {
        let description = codec.ladder.rungs[rung]
        self.rung = rung
        sizes = description.sizes
        lambda = description.lambda
        nominalBitsPerFrame = description.nominalBits(tokens: codec.shape.tokens)

        let framesPerBlock = min(Self.framesPerBlock, frames.count)
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: framesPerBlock)
        var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: framesPerBlock)
        var used = description.sizes.map { Array(repeating: false, count: $0) }
        var bytes = 0
        var squaredError = 0.0
        var blockTimes: [Duration] = []
        var decodeTimes: [Duration] = []
        let dimension = codec.dimension
        for first in stride(from: 0, to: frames.count, by: framesPerBlock) {
            let count = min(framesPerBlock, frames.count - first)
            let original = frames.values.span.extracting(first * dimension..<(first + count) * dimension)
            var block = CodedBlock(coding: .tables, byteCount: 0)
            let encodeTime = ContinuousClock().measure {
                encoder.quantize(original, count: count, rung: rung)
                block = encoder.code()
            }
            bytes += block.byteCount
            encoder.withCodes { codes in
                for index in codes.indices { used[index % used.count][Int(codes[index])] = true }
            }
            let payload = encoder.withPayload { bytes in bytes.indices.map { bytes[$0] } }
            var decoded: [Float] = Array(repeating: 0, count: count * dimension)
            var failure: BlockError?
            let decodeTime = ContinuousClock().measure {
                var room = decoded.mutableSpan
                do throws(BlockError) {
                    try unsafe decoder.decode(
                        payload: payload.span.bytes, coding: block.coding, rung: rung, frameCount: count,
                        into: &room)
                } catch {
                    failure = error
                }
            }
            if let failure {
                throw CommandFailure("rung \(rung): what was encoded does not decode: \(failure)")
            }
            for index in original.indices {
                let difference = Double(original[index]) - Double(decoded[index])
                squaredError += difference * difference
            }
            if count == framesPerBlock {
                blockTimes.append(encodeTime / count)
                decodeTimes.append(decodeTime / count)
            }
        }
        codedBitsPerFrame = Double(bytes * 8) / Double(frames.count)
        mse = squaredError / Double(frames.values.count)
        nmse = variance > 0 ? mse / variance : nil
        snrDb = nmse.flatMap { $0 > 0 ? -10 * log10($0) : nil }
        usedCodewords = used.joined().count { $0 }
        encodeNsPerFrame = Self.medianNanoseconds(
            Self.timeSingly(&encoder, frames: frames, rung: rung))
        encodeNsPerFrameBatch64 = Self.medianNanoseconds(blockTimes)
        decodeNsPerFrame = Self.medianNanoseconds(decodeTimes)
    }

    private static func timeSingly(
        _ encoder: inout FrameEncoder, frames: FrameArray, rung: Int
    ) -> [Duration] {
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
