import Bundles
import EntropyCoding
import Quantization
import TestSupport

/// A small bundle with everything in it: two tokens, two stages, adapted codebooks, three rungs.
enum SampleBundle {
    /// With one token group, or with two.
    static func make(
        seed: UInt64, statistics: Bool = true, spread: Bool = true, tokenGroups: Int = 1,
        lambda: Float = 0.25
    ) -> Bundle {
        var generator = SeededGenerator(seed: seed)
        let shape = FrameShape(tokens: 2, tokenDimension: 3)
        let groups = (0..<tokenGroups).map { _ in
            [
                ResidualStage(
                    base: codebook(8, &generator),
                    adapted: [2: codebook(2, &generator), 4: codebook(4, &generator)]),
                ResidualStage(base: codebook(5, &generator), adapted: [16: codebook(16, &generator)]),
            ]
        }
        let ladder = Ladder(rungs: [
            Rung(sizes: [2], codedBitsPerFrame: 1.9, mse: 0.75),
            Rung(sizes: [8, 5], lambda: lambda, codedBitsPerFrame: 10.1, mse: 1e-5),
            Rung(sizes: [4, 16], codedBitsPerFrame: 11, mse: 1e-7),
        ])
        let tables = ladder.rungs.map { rung in
            groups.map { _ in
                rung.sizes.map { size in
                    FrequencyTable(
                        counts: (0..<size).map { _ in UInt64.random(in: 0...1000, using: &generator) })
                }
            }
        }
        let codec = FrameCodec(
            normalization: Normalization(mean: floats(6, &generator), scale: 2.5),
            quantizer: ResidualQuantizer(
                shape: shape, groups: groups, ladder: ladder, tables: tables, beamWidth: 3))
        let use = groups.map { stages in
            stages.map { stage in
                StageStatistics(
                    counts: (0..<stage.base.size).map { _ in
                        UInt64.random(in: 0...1 << 40, using: &generator)
                    },
                    means: floats(stage.base.size * 3, &generator),
                    spread: spread ? floats(stage.base.size * 9, &generator) : nil)
            }
        }
        return Bundle(
            codec: codec, statistics: statistics ? use : nil,
            provenance: BundleProvenance(frames: 1234, seed: .max, adaptation: "dkm"))
    }

    private static func codebook(_ size: Int, _ generator: inout SeededGenerator) -> Codebook {
        Codebook(codewords: floats(size * 3, &generator), size: size, dimension: 3)
    }

    private static func floats(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
        (0..<count).map { _ in Float.random(in: -2...2, using: &generator) }
    }
}

extension Bundle {
    /// Whether both bundles hold the same, identity aside.
    func hasContent(of other: Bundle) -> Bool {
        codec.normalization == other.codec.normalization && codec.shape == other.codec.shape
            && codec.residual.groups == other.codec.residual.groups && codec.ladder == other.codec.ladder
            && codec.residual.beamWidth == other.codec.residual.beamWidth
            && codec.tables == other.codec.tables
            && statistics == other.statistics && provenance == other.provenance
    }
}
