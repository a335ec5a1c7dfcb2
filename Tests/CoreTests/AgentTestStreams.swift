import AgentCore
import Bundles
import EntropyCoding
import Quantization

/// Small seeded codecs and frames for the agent's tests.
enum AgentTestStreams {
    /// A codec with rungs of 2, 4 and 8 bits a token, and mse of about 1, 0.5 and 0.2.
    ///
    /// - Parameter expectation: what the ladder says of the coded bits, as a share of those.
    static func codec(
        seed: UInt64, tokens: Int = 1, tokenDimension: Int = 4, expectation: Double = 1
    ) -> FrameCodec {
        var generator = AgentTestGenerator(seed: seed)
        func codebook(size: Int, spread: Float) -> Codebook {
            Codebook(
                codewords: (0..<size * tokenDimension).map { _ in
                    Float.random(in: -spread...spread, using: &generator)
                }, size: size, dimension: tokenDimension)
        }
        let stages = [
            ResidualStage(
                base: codebook(size: 16, spread: 1), adapted: [4: codebook(size: 4, spread: 1)]),
            ResidualStage(base: codebook(size: 16, spread: 0.3)),
        ]
        let sizes = [[4], [16], [16, 16]]
        let bits: [Double] = [2, 4, 8]
        let errors: [Double] = [1, 0.5, 0.2]
        let rungs = sizes.indices.map {
            Rung(
                sizes: sizes[$0], codedBitsPerFrame: bits[$0] * Double(tokens) * expectation, mse: errors[$0])
        }
        let shape = FrameShape(tokens: tokens, tokenDimension: tokenDimension)
        let tables = sizes.map { $0.map { FrequencyTable(counts: (0..<$0).map { UInt64($0 + 1) }) } }
        let quantizer = ResidualQuantizer(
            shape: shape, stages: stages, ladder: Ladder(rungs: rungs), tables: tables)
        let mean = (0..<shape.dimension).map { Float($0 % 7) * 0.25 }
        return FrameCodec(
            normalization: Normalization(mean: mean, scale: 1), quantizer: quantizer)
    }

    /// An identity with this byte in every place.
    static func identity(_ byte: UInt8) -> BundleIdentity {
        let digits = String(byte, radix: 16)
        let text = digits.count == 1 ? "0" + digits : digits
        guard let identity = BundleIdentity(hexadecimal: String(repeating: text, count: 32)) else {
            preconditionFailure("64 hexadecimal digits")
        }
        return identity
    }

    /// A frame whose values tell its stream and sequence apart from every other.
    static func frame(stream: Int, sequence: UInt64, dimension: Int) -> [Float] {
        var generator = AgentTestGenerator(seed: UInt64(stream) << 40 ^ sequence)
        return (0..<dimension).map { _ in Float.random(in: -2...2, using: &generator) }
    }

    /// What a codec makes of one frame at a rung, by itself.
    static func decoded(_ frame: [Float], codec: FrameCodec, rung: Int) throws -> [Float] {
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 1)
        var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: 1)
        encoder.quantize(frame.span, count: 1, rung: rung)
        let block = encoder.code()
        let payload = encoder.withPayload { bytes in bytes.indices.map { bytes[$0] } }
        var values = [Float](repeating: 0, count: codec.dimension)
        var span = values.mutableSpan
        try decoder.decode(
            payload: unsafe payload.span.bytes, coding: block.coding, rung: rung, frameCount: 1, into: &span)
        return values
    }
}

/// SplitMix64.
struct AgentTestGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
