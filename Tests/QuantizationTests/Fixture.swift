import EntropyCoding
import Quantization
import TestSupport

/// Codecs with seeded codebooks, each stage half as large as the one before.
enum Fixture {
    /// A codebook of random codewords. On a `grid`, ties are common.
    static func codebook(
        size: Int, dimension: Int, scale: Float = 1, grid: Bool = false,
        using generator: inout SeededGenerator
    ) -> Codebook {
        let values = generator.values(size * dimension, grid: grid).map { $0 * scale }
        return Codebook(codewords: values, size: size, dimension: dimension)
    }

    /// A quantizer of one rung with the given sizes.
    static func quantizer(
        shape: FrameShape, sizes: [Int], beamWidth: Int = 5, grid: Bool = false,
        using generator: inout SeededGenerator
    ) -> ResidualQuantizer {
        var scale: Float = 1
        var stages: [ResidualStage] = []
        for size in sizes {
            stages.append(
                ResidualStage(
                    base: codebook(
                        size: size, dimension: shape.tokenDimension, scale: scale, grid: grid,
                        using: &generator)))
            if !grid { scale /= 2 }
        }
        let ladder = Ladder(rungs: [Rung(sizes: sizes, codedBitsPerFrame: 1, mse: 1)])
        return ResidualQuantizer(shape: shape, stages: stages, ladder: ladder, beamWidth: beamWidth)
    }

    /// A codec of eight rungs: 1...4 stages of 64 codewords, the last of them also at 7. Tables favour low
    /// codes, or high ones at odd rungs.
    ///
    /// - Parameter tokenGroups: 1, or the tokens of a frame, each then with codebooks and tables of its own.
    static func codec(shape: FrameShape, tokenGroups: Int = 1, seed: UInt64 = 5) -> FrameCodec {
        var generator = SeededGenerator(seed: seed)
        let groups = (0..<tokenGroups).map { _ in
            var scale: Float = 1
            return (0..<4).map { _ in
                let base = codebook(
                    size: 64, dimension: shape.tokenDimension, scale: scale, using: &generator)
                let small = codebook(
                    size: 7, dimension: shape.tokenDimension, scale: scale, using: &generator)
                scale /= 2
                return ResidualStage(base: base, adapted: [7: small])
            }
        }
        let sizes = (1...4).flatMap { used in
            [7, 64].map { last in Array(repeating: 64, count: used - 1) + [last] }
        }
        let rungs = sizes.enumerated().map {
            Rung(sizes: $1, codedBitsPerFrame: Double($0), mse: 1 / Double($0 + 1))
        }
        let tables = sizes.enumerated().map { rung, sizes in
            (0..<tokenGroups).map { group in
                sizes.map { size in
                    let counts = (0..<size).map { UInt64(1000 / ($0 + 1 + group)) }
                    return FrequencyTable(
                        counts: rung.isMultiple(of: 2) ? counts : counts.reversed())
                }
            }
        }
        let quantizer = ResidualQuantizer(
            shape: shape, groups: groups, ladder: Ladder(rungs: rungs), tables: tables)
        let mean = generator.values(shape.dimension).map { $0 * 100 }
        return FrameCodec(
            normalization: Normalization(mean: mean, scale: 3), quantizer: quantizer)
    }

    /// `count` frames as a codec's stream may have them.
    static func frames(_ count: Int, for codec: FrameCodec, using generator: inout SeededGenerator) -> [Float]
    {
        let normalization = codec.normalization
        return generator.values(count * codec.dimension).enumerated().map { index, value in
            normalization.mean[index % codec.dimension] + normalization.scale * value
        }
    }
}
