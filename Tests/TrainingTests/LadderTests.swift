import Bundles
import EntropyCoding
import Quantization
import Testing
import Training

/// Laws of ladders with weights of rate.
@Suite struct LadderTests {
    private static func codec(_ rungs: RungList = .automatic) throws -> FrameCodec {
        try BundleTrainerTests.bundle(rungs: rungs).codec
    }

    /// The frames that the codec was trained on.
    private static func frames(_ count: Int) throws -> FrameSet {
        var mixture = Mixture(seed: 3)
        return try mixture.frames(count)
    }

    @Test func someRungsWeighRate() throws {
        let rungs = try Self.codec().ladder.rungs
        #expect(rungs.contains { $0.lambda > 0 })
        #expect(rungs.last?.lambda == 0 || rungs.last?.sizes.count == 4)
    }

    @Test func blocksTakeAtMostAByteMoreThanTheTablesSay() throws {
        let codec = try Self.codec()
        let frames = try Self.frames(64)
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 64)
        for rung in codec.ladder.rungs.indices {
            encoder.quantize(frames.values.span, count: 64, rung: rung)
            let block = encoder.code()
            let ideal = encoder.withCodes { codes in
                codes.indices.reduce(0.0) { bits, index in
                    let tables = codec.tables[rung][0]
                    return bits + tables[index % tables.count].idealBits(Int(codes[index]))
                }
            }
            #expect(Double(block.byteCount) <= ideal / 8 + 1, "rung \(rung)")
        }
    }

    @Test func moreWeightOfRateTakesNoMoreBits() throws {
        let rungs = try Self.codec().ladder.rungs
        for (cheaper, better) in zip(rungs, rungs.dropFirst()) where cheaper.sizes == better.sizes {
            #expect(cheaper.lambda > better.lambda)
        }
        // With the same tables, too: the encoder's choice minimizes error plus weighted bits. Of one stage, where the search
        // is exact: a beam may come nearer to the least error of all by other hypotheses.
        let codec = try Self.codec(.listed([[32]]))
        let frames = try Self.frames(1_000)
        var last = (bits: Double.infinity, mse: 0.0)
        for lambda: Float in [0, 0.05, 0.2, 0.8, 3.2] {
            let weighted = Self.weighing(codec, lambda)
            var encoder = FrameEncoder(codec: weighted, maximumFramesPerBlock: 1_000)
            encoder.quantize(frames.values.span, count: 1_000, rung: 0)
            let bits = encoder.withCodes { codes in
                codes.indices.reduce(0.0) { $0 + codec.tables[0][0][0].idealBits(Int(codes[$1])) }
            }
            #expect(bits <= last.bits, "weight \(lambda)")
            #expect(encoder.mse >= last.mse, "weight \(lambda)")
            last = (bits, encoder.mse)
        }
    }

    @Test func withoutWeightTheTablesDoNotMatter() throws {
        let codec = try Self.codec(.listed([[32, 32, 32]]))
        let plain = FrameCodec(
            normalization: codec.normalization,
            quantizer: ResidualQuantizer(
                shape: codec.shape, stages: codec.residual.stages, ladder: codec.ladder,
                beamWidth: codec.residual.beamWidth))
        let frames = try Self.frames(200)
        let codes = [codec, plain].map { codec in
            var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 200)
            encoder.quantize(frames.values.span, count: 200, rung: 0)
            return encoder.withCodes { codes in codes.indices.map { codes[$0] } }
        }
        #expect(codes[0] == codes[1])
    }

    /// The cheapest rungs of a stage still take fewer bits than its smallest useful codebook.
    @Test func reachesDownToABit() throws {
        let rungs = try Self.codec().ladder.rungs
        #expect(rungs[0].codedBitsPerFrame <= 1.5)
        #expect(rungs.count { $0.codedBitsPerFrame < 5 } >= 3)
        #expect(rungs.count <= Ladder.maximumRungs)
    }

    /// The codec with a weight of rate at all rungs.
    private static func weighing(_ codec: FrameCodec, _ lambda: Float) -> FrameCodec {
        let rungs = codec.ladder.rungs.map {
            Rung(
                sizes: $0.sizes, lambda: lambda, codedBitsPerFrame: $0.codedBitsPerFrame, mse: $0.mse)
        }
        return FrameCodec(
            normalization: codec.normalization,
            quantizer: ResidualQuantizer(
                shape: codec.shape, groups: codec.residual.groups, ladder: Ladder(rungs: rungs),
                tables: codec.tables, beamWidth: codec.residual.beamWidth))
    }
}
