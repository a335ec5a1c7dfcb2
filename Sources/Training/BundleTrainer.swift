public import Bundles
import Quantization

/// Trains a bundle from frames: normalization, base codebooks, adapted codebooks, ladder and tables.
///
/// The same frames, options and seed give the same bundle, byte for byte, on any number of threads.
public struct BundleTrainer: Sendable {
    /// Codewords of each stage's base codebook, 2...16,384.
    public var base = 256

    /// Stages, 1...16.
    public var stages = 8

    /// Hypotheses of the beam search, 1...32.
    public var beamWidth = 5

    /// Which rungs.
    public var rungs = RungList.automatic

    /// Whether tokens share codebooks.
    public var tokenCodebooks = TokenCodebooks.automatic

    /// How adapted codebooks are made.
    public var method = AdaptationMethod.dkm

    /// Seed of all choices.
    public var seed: UInt64 = 1

    /// Threads.
    public var workers = Workers.available

    /// Stages whose last codebook an automatic ladder may make smaller.
    private static let adaptedStages = 2

    /// The base sizes that a trained bundle may have.
    public static let baseSizes = 2...16_384

    /// A trained bundle, and what to tell about the training.
    public struct Result: Sendable {
        /// The bundle, with calibration statistics.
        public var bundle: Bundle
        /// Base codewords of all stages that no training frame uses: the frames have too few distinct values.
        public var unusedCodewords: Int
    }

    /// Trains with the default options.
    public init() {}

    /// Trains on frames; `progress` gets the done share and what goes on.
    public func train(
        _ frames: FrameSet, progress: (Double, String) -> Void = { _, _ in }
    ) throws(TrainingError) -> Result {
        precondition(Self.baseSizes ~= base, "a base codebook has 2...16384 codewords")
        try rungs.validate(stages: stages, base: base)
        let tokens = frames.count * frames.shape.tokens
        guard tokens >= base else { throw .tooFewVectors(vectors: tokens, codewords: base) }
        let normalization = try frames.normalization()
        let normalized = try frames.normalized(by: normalization)
        let groups = try tokenGroups(normalized, shape: frames.shape)
        let vectors = frames.shape.vectors(of: normalized, groups: groups)
        var trained: [ResidualTrainer.Result] = []
        for (group, vectors) in vectors.enumerated() {
            trained.append(
                try trainer.train(vectors, dimension: frames.shape.tokenDimension) { done in
                    progress(0.8 * (Double(group) + done) / Double(groups), "training stages")
                })
        }
        progress(0.8, "adapting")
        let adapted = try adapt(trained, vectors)
        progress(0.85, "measuring rungs")
        var builder = LadderBuilder()
        builder.workers = workers
        let codec = try builder.build(
            groups: adapted, normalization: normalization, beamWidth: beamWidth, frames: frames, rungs: rungs
        ) { progress(0.85 + 0.15 * $0, "measuring rungs") }
        let provenance = BundleProvenance(frames: frames.count, seed: seed, adaptation: method.rawValue)
        return Result(
            bundle: Bundle(
                codec: codec.withoutUnusedCodebooks(), statistics: trained.map(\.statistics),
                provenance: provenance),
            unusedCodewords: trained.reduce(0) { $0 + $1.unusedCodewords })
    }

    private var trainer: ResidualTrainer {
        var trainer = ResidualTrainer()
        trainer.stages = stages
        trainer.size = base
        trainer.beamWidth = beamWidth
        trainer.seed = seed
        trainer.weighsRate = rungs == .automatic
        trainer.workers = workers
        return trainer
    }

    /// Adds codebooks of other sizes to trained stages; `vectors` are each group's tokens.
    private func adapt(
        _ trained: [ResidualTrainer.Result], _ vectors: [[Float]]
    ) throws(TrainingError) -> [[ResidualStage]] {
        var adapter = StageAdapter(method: method)
        adapter.seed = seed
        adapter.workers = workers
        var sizes: [[Int]] = []
        for stage in 0..<stages {
            let listed = rungs.sizes(stage: stage)
            // Rungs of more stages weigh rate instead, which keeps the candidates to be measured few.
            if stage >= Self.adaptedStages || !listed.isEmpty { adapter.sizes = listed.filter { $0 != base } }
            sizes.append(try adapter.sizes(base: base))
            adapter.sizes = nil
        }
        guard method.needsFrames else {
            return adapter.adaptFromStatistics(
                trained.map(\.codebooks), trained.map(\.statistics), sizes: sizes)
        }
        var trainer = DedicatedTrainer()
        trainer.seed = seed
        trainer.workers = workers
        var groups: [[ResidualStage]] = []
        for (trained, vectors) in zip(trained, vectors) {
            groups.append(
                try trainer.stages(trained.codebooks, sizes: sizes, vectors: vectors, beamWidth: beamWidth))
        }
        return groups
    }
}
