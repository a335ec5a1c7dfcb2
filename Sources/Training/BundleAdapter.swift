public import Bundles
import Quantization

/// Replaces a bundle's adapted codebooks by others, and its ladder by one over them.
public struct BundleAdapter: Sendable {
    /// How.
    public var method: AdaptationMethod

    /// The sizes for every stage; nil for the method's default sizes.
    public var sizes: [Int]?

    /// Threads.
    public var workers = Workers.available

    /// Adapts by a method.
    public init(method: AdaptationMethod) {
        self.method = method
    }

    /// Adapts a bundle.
    ///
    /// With frames, the new rungs are measured on them. Without, their bits and mse are estimated from the calibration
    /// statistics and from the rungs that the bundle has.
    public func adapt(
        _ bundle: Bundle, frames: FrameSet? = nil, progress: (Double, String) -> Void = { _, _ in }
    ) throws(TrainingError) -> Bundle {
        let codec = bundle.codec
        if let frames, frames.shape != codec.shape {
            throw .otherShape(frames: "\(frames.shape)", bundle: "\(codec.shape)")
        }
        let groups = try adaptedGroups(bundle, frames, progress)
        var builder = LadderBuilder()
        builder.workers = workers
        let adapted: FrameCodec
        if let frames {
            adapted = try builder.build(
                groups: groups, normalization: codec.normalization, beamWidth: codec.residual.beamWidth,
                frames: frames
            ) { progress(0.5 + 0.5 * $0, "measuring rungs") }
        } else {
            guard let statistics = bundle.statistics else { throw .noStatistics }
            adapted = builder.estimate(groups: groups, statistics: statistics, from: codec)
        }
        var provenance = bundle.provenance.adapted(by: method.rawValue)
        // Frames that an import's rungs are measured on are its calibration frames.
        if let frames, provenance.frames == 0 {
            provenance = provenance.calibrated(frames: frames.count, variance: frames.variance)
        }
        return Bundle(
            codec: adapted, statistics: bundle.statistics,
            provenance: provenance)
    }

    private func adaptedGroups(
        _ bundle: Bundle, _ frames: FrameSet?, _ progress: (Double, String) -> Void
    ) throws(TrainingError) -> [[ResidualStage]] {
        let bases = bundle.codec.residual.groups.map { $0.map(\.base) }
        var adapter = StageAdapter(method: method)
        adapter.sizes = sizes
        adapter.seed = bundle.provenance.seed
        adapter.workers = workers
        var stageSizes: [[Int]] = []
        for base in bases[0] { stageSizes.append(try adapter.sizes(base: base.size)) }
        guard method.needsFrames else {
            guard let statistics = bundle.statistics else { throw .noStatistics }
            return adapter.adaptFromStatistics(bases, statistics, sizes: stageSizes)
        }
        guard let frames else { throw .framesNeeded(method: method.rawValue) }
        var trainer = DedicatedTrainer()
        trainer.seed = bundle.provenance.seed
        trainer.workers = workers
        let codec = bundle.codec
        let vectors = frames.shape.vectors(
            of: try frames.normalized(by: codec.normalization), groups: bases.count)
        var groups: [[ResidualStage]] = []
        for (group, bases) in bases.enumerated() {
            groups.append(
                try trainer.stages(
                    bases, sizes: stageSizes, vectors: vectors[group], beamWidth: codec.residual.beamWidth
                ) { done in
                    progress(0.5 * (Double(group) + done) / Double(vectors.count), "dedicated k-means")
                })
        }
        return groups
    }
}
