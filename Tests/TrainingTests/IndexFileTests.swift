import Bundles
import Quantization
import Testing
import Training

@Suite struct IndexFileTests {
    private let bundle: Bundle
    private let frames: FrameArray

    init() throws {
        bundle = try BundleTrainerTests.bundle(tokens: 2)
        var mixture = Mixture(seed: 8)
        frames = FrameArray(shape: bundle.codec.shape, values: mixture.vectors(150))
    }

    @Test func decodesToTheSumOfTheChosenCodewords() throws {
        let codec = bundle.codec
        for rung in codec.ladder.rungs.indices {
            let file = IndexFile(encoding: frames, at: rung, with: bundle)
            let parsed = try IndexFile(parsing: file.serialized())
            #expect(parsed == file)
            let decoded = try parsed.decode(with: bundle)
            #expect(decoded.count == 150)

            var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 150)
            encoder.quantize(frames.values.span, count: 150, rung: rung)
            let codes = encoder.withCodes { codes in codes.indices.map { Int(codes[$0]) } }
            #expect(decoded.values == slowDecode(codes, rung: rung))
        }
    }

    @Test func refusesEveryTruncation() {
        let bytes = IndexFile(encoding: frames, at: 0, with: bundle).serialized()
        for length in 0..<bytes.count {
            #expect(throws: IndexFileError.self) { try IndexFile(parsing: Array(bytes[..<length])) }
        }
        #expect(throws: IndexFileError.trailingBytes(offset: bytes.count, count: 1)) {
            try IndexFile(parsing: bytes + [0])
        }
    }

    @Test func survivesFlippedBytes() {
        let bytes = IndexFile(encoding: frames, at: 2, with: bundle).serialized()
        for index in bytes.indices {
            for flip in [UInt8(1), 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] ^= flip
                let frames = try? IndexFile(parsing: damaged).decode(with: bundle)
                // What still decodes holds finite values; a damaged header never does.
                #expect(frames.map { $0.values.allSatisfy(\.isFinite) } ?? true)
                if index < 40 { #expect(frames == nil) }
            }
        }
    }

    @Test func refusesAnotherBundleAndAHugeCount() throws {
        let file = IndexFile(encoding: frames, at: 1, with: bundle)
        let other = try BundleTrainerTests.bundle(tokens: 2, rungs: .listed([[32]]))
        #expect(
            throws: IndexFileError.otherBundle(file: "\(bundle.identity)", given: "\(other.identity)")
        ) {
            try file.decode(with: other)
        }
        var bytes = file.serialized()
        for index in 44..<52 { bytes[index] = 0xFF }
        #expect(throws: IndexFileError.self) { try IndexFile(parsing: bytes) }
    }

    @Test func refusesMoreValuesThanItDecodes() throws {
        // Empty blocks of 64 frames, 4 bytes each.
        let frames = IndexFile.mostValues / bundle.codec.dimension + 1
        var bytes = Array(IndexFile(encoding: self.frames, at: 0, with: bundle).serialized()[..<52])
        for index in 0..<8 { bytes[44 + index] = UInt8(truncatingIfNeeded: frames >> (8 * index)) }
        bytes += Array(repeating: 0, count: 4 * ((frames + 63) / 64))
        #expect(
            throws: IndexFileError.tooManyValues(frames: frames, dimension: bundle.codec.dimension)
        ) { try IndexFile(parsing: bytes).decode(with: bundle) }
    }

    /// mean + scale · the sum of the codewords, stage by stage, in float32 as every decoder does it.
    private func slowDecode(_ codes: [Int], rung: Int) -> [Float] {
        let codec = bundle.codec
        let sizes = codec.ladder.rungs[rung].sizes
        let dimension = codec.shape.tokenDimension
        return (0..<codes.count / sizes.count).flatMap { token in
            let stages = codec.residual.groups[codec.residual.group(ofToken: token % codec.shape.tokens)]
            return (0..<dimension).map { index in
                var sum: Float = 0
                for (stage, size) in sizes.enumerated() {
                    let code = codes[token * sizes.count + stage]
                    sum +=
                        stages[stage].codebook(size: size)?[code].dropFirst(index).first
                        ?? .nan
                }
                let position = token % codec.shape.tokens * dimension + index
                return codec.normalization.mean[position] + codec.normalization.scale * sum
            }
        }
    }
}
