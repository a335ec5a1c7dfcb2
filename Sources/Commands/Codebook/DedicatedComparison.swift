import Bundles
import Quantization
import Training

/// Rungs whose last stage is trained on frames for its size: the bar for adapted codebooks.
enum DedicatedComparison {
    /// Fills in what a dedicated codebook in the last stage gives every rung: its mse, and its coded bits with tables
    /// of its own, both without a weight of rate.
    static func add(
        to rungs: inout [RungEvaluation], _ bundle: Bundle, train: FrameSet, test: FrameArray,
        variance: Double,
        progress: (Double, String) -> Void
    ) throws {
        let codec = bundle.codec
        let sizes = codec.residual.stages.indices.map { stage in
            Array(Set(rungs.filter { $0.sizes.count == stage + 1 }.map { $0.sizes[stage] })).sorted()
        }
        let adapter = BundleAdapter(method: .kmeans)
        let dedicated = try adapter.trainDedicated(bundle, sizes: sizes, frames: train) {
            progress(0.5 * $0, $1)
        }
        // Rungs that differ in their weight of rate alone share the comparison.
        var known: [[Int]: RungEvaluation] = [:]
        for index in rungs.indices {
            progress(0.5 + 0.5 * Double(index) / Double(rungs.count), "dedicated rung \(index)")
            let sizes = rungs[index].sizes
            if known[sizes] == nil {
                let own = try dedicatedCodec(codec, sizes: sizes, dedicated: dedicated, train: train)
                known[sizes] = try RungEvaluation(0, of: own, frames: test, variance: variance)
            }
            rungs[index].dedicatedMse = known[sizes]?.mse
            rungs[index].dedicatedCodedBitsPerFrame = known[sizes]?.codedBitsPerFrame
        }
    }

    /// The codec of one rung whose last stage has the dedicated codebook.
    private static func dedicatedCodec(
        _ codec: FrameCodec, sizes: [Int], dedicated: [[[Int: Codebook]]], train: FrameSet
    ) throws(TrainingError) -> FrameCodec {
        let last = sizes.count - 1
        let groups = zip(codec.residual.groups, dedicated).map { stages, dedicated in
            stages[..<last] + (dedicated[last][sizes[last]].map { [ResidualStage(base: $0)] } ?? [])
        }
        return try LadderBuilder().build(
            groups: groups.map(Array.init), normalization: codec.normalization,
            beamWidth: codec.residual.beamWidth, frames: train, rungs: .listed([sizes]))
    }
}
