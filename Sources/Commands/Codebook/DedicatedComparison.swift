import Bundles
import Quantization
import Training

/// The mse of rungs whose last stage is trained on frames for its size, the bar for adapted codebooks.
enum DedicatedComparison {
    /// Fills in `dedicatedMse` of every rung.
    static func add(
        to rungs: inout [RungEvaluation], _ bundle: Bundle, train: FrameSet, test: FrameArray,
        progress: (Double, String) -> Void
    ) throws(TrainingError) {
        let codec = bundle.codec
        let stages = codec.residual.stages
        let sizes = stages.indices.map { stage in
            Array(Set(rungs.filter { $0.sizes.count == stage + 1 }.map { $0.sizes[stage] })).sorted()
        }
        let adapter = BundleAdapter(method: .kmeans)
        let dedicated = try adapter.trainDedicated(bundle, sizes: sizes, frames: train, progress: progress)
        for index in rungs.indices {
            let last = rungs[index].sizes.count - 1
            let size = rungs[index].sizes[last]
            let groups = zip(codec.residual.groups, dedicated).map { stages, dedicated in
                stages[..<last] + (dedicated[last][size].map { [ResidualStage(base: $0)] } ?? [])
            }
            let rung = Rung(sizes: rungs[index].sizes, codedBitsPerFrame: 0, mse: 0)
            let quantizer = ResidualQuantizer(
                shape: codec.shape, groups: groups.map(Array.init), ladder: Ladder(rungs: [rung]),
                tables: [codec.tables[index]], beamWidth: codec.residual.beamWidth)
            rungs[index].dedicatedMse = mse(quantizer, codec.normalization, test)
        }
    }

    private static func mse(
        _ quantizer: ResidualQuantizer, _ normalization: Normalization, _ frames: FrameArray
    ) -> Double {
        let dimension = quantizer.shape.dimension
        var scratch = quantizer.makeScratch()
        var codes: [UInt16] = Array(repeating: 0, count: quantizer.symbolsPerFrame(rung: 0))
        var normalized: [Float] = Array(repeating: 0, count: dimension)
        var squaredError = 0.0
        for frame in 0..<frames.count {
            let range = frame * dimension..<(frame + 1) * dimension
            normalization.normalize(frames.values.span.extracting(range), into: &normalized)
            var span = codes.mutableSpan
            squaredError += quantizer.encode(normalized.span, rung: 0, into: &span, scratch: &scratch)
        }
        let scale = Double(normalization.scale)
        return squaredError * scale * scale / Double(frames.values.count)
    }
}
