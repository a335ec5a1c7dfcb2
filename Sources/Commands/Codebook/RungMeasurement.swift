import Bundles
import Quantization

/// What a rung does to frames in blocks of 64: rate and distortion, and the times of the blocks on one thread.
struct RungMeasurement {
    /// Frames of a block.
    private static let framesPerBlock = 64

    var codedBitsPerFrame: Double
    var mse: Double
    /// Codewords of all stages that some frame uses.
    var usedCodewords: Int
    /// Time of each whole block, by frame.
    var encodeTimes: [Duration] = []
    var decodeTimes: [Duration] = []

    /// Encodes and decodes frames.
    init(_ rung: Int, of codec: FrameCodec, frames: FrameArray) throws(CommandFailure) {
        let framesPerBlock = min(Self.framesPerBlock, frames.count)
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: framesPerBlock)
        var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: framesPerBlock)
        var used = codec.ladder.rungs[rung].sizes.map { Array(repeating: false, count: $0) }
        var bytes = 0
        var squaredError = 0.0
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
                encodeTimes.append(encodeTime / count)
                decodeTimes.append(decodeTime / count)
            }
        }
        codedBitsPerFrame = Double(bytes * 8) / Double(frames.count)
        mse = squaredError / Double(frames.values.count)
        usedCodewords = used.joined().count { $0 }
    }
}
