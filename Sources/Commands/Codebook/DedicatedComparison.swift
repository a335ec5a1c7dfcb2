import Bundles
import Quantization
import Training

/// Rungs whose last stage is trained on frames for its size: the bar for adapted codebooks.
enum DedicatedComparison {
    /// Fills in what a dedicated codebook in the last stage, after the rung's own stages before it, gives every rung:
    /// its mse, and its coded bits with tables of its own, both without a weight of rate.
    static func add(
        to rungs: inout [RungEvaluation], _ bundle: Bundle, train: FrameSet, test: FrameArray,
        progress: (Double, String) -> Void
    ) throws {
        let codec = bundle.codec
        var trainer = DedicatedTrainer()
        trainer.seed = bundle.provenance.seed
        let dedicated = try trainer.codebooks(for: Set(rungs.map(\.sizes)), of: codec, on: train) {
            progress(0.5 * $0, $1)
        }
        // Rungs that differ in their weight of rate alone share the comparison.
        var known: [[Int]: RungMeasurement] = [:]
        for (sizes, codebooks) in dedicated {
            progress(0.5 + 0.5 * Double(known.count) / Double(dedicated.count), "dedicated rungs")
            let own = try dedicatedCodec(codec, sizes: sizes, codebooks, train: train)
            known[sizes] = try RungMeasurement(0, of: own, frames: test)
        }
        for index in rungs.indices {
            rungs[index].dedicatedMse = known[rungs[index].sizes]?.mse
            rungs[index].dedicatedCodedBitsPerFrame = known[rungs[index].sizes]?.codedBitsPerFrame
        }
    }

    /// The codec of one rung whose last stage has the dedicated codebook, `codebooks[token group]`.
    private static func dedicatedCodec(
        _ codec: FrameCodec, sizes: [Int], _ codebooks: [Codebook], train: FrameSet
    ) throws(TrainingError) -> FrameCodec {
        let groups = zip(codec.residual.groups, codebooks).map { stages, codebook in
            stages[..<(sizes.count - 1)] + [ResidualStage(base: codebook)]
        }
        return try LadderBuilder().build(
            groups: groups.map(Array.init), normalization: codec.normalization,
            beamWidth: codec.residual.beamWidth, frames: train, rungs: .listed([sizes]))
    }
}
