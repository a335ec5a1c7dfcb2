public import Quantization

/// Trains the base codebooks of a residual quantizer, stage by stage.
///
/// Each stage starts with k-means on what all hypotheses of the beam search over the stages before leave over: the
/// codewords then serve the hypotheses that the encoder really weighs against each other. Then all stages are refined
/// together over a ladder of rungs, with the beam search and the weights of rate that rungs have.
public struct ResidualTrainer: Sendable {
    /// Stages to train.
    public var stages = 8

    /// Codewords of each stage.
    public var size = 256

    /// Hypotheses kept after each stage, in training as in encoding.
    public var beamWidth = 5

    /// Seed of all choices.
    public var seed: UInt64 = 1

    /// The most hypotheses that a stage starts with, for each codeword: refinement looks at all vectors.
    private static let startingHypotheses = 400

    /// Rounds of joint refinement of all stages after the stagewise training.
    public var refinements = 12

    /// Whether the refinement is for rungs that weigh rate, as those of an automatic ladder do. Codewords that are refined
    /// so serve rungs worse that look at the error alone.
    public var weighsRate = true

    /// Threads.
    public var workers = Workers.available

    /// The most values held in hypotheses (256 MB a copy); more vectors than fit are thinned evenly.
    public var maximumValues = 1 << 26

    /// What training gave.
    public struct Result: Sendable {
        /// The base codebook of each stage.
        public var codebooks: [Codebook]
        /// How the training vectors use each.
        public var statistics: [StageStatistics]
        /// Mean squared error of a vector after each stage, summed over its dimensions, in normalized units.
        public var errors: [Double]
        /// Codewords of all stages that no vector uses.
        public var unusedCodewords: Int
    }

    /// Trains with the default options.
    public init() {}

    /// Trains on normalized vectors (tokens) of `dimension` values each; tells `progress` the done share.
    ///
    /// - Complexity: O(stages × iterations × vectors × beamWidth × size × dimension)
    public func train(
        _ vectors: [Float], dimension: Int, progress: (Double) -> Void = { _ in }
    ) throws(TrainingError) -> Result {
        precondition(dimension > 0 && vectors.count.isMultiple(of: dimension), "whole vectors")
        precondition(1...ResidualQuantizer.maximumStages ~= stages, "1...16 stages")
        precondition(1...ResidualQuantizer.maximumBeamWidth ~= beamWidth, "a beam is 1...32 wide")
        let kept = vectors.evenlySpread(
            atMost: max(size, maximumValues / (beamWidth * dimension)), dimension: dimension)
        var state = BeamState(kept, dimension: dimension)
        var result = Result(codebooks: [], statistics: [], errors: [], unusedCodewords: 0)
        let work = Double(stages + refinements)
        var errors: [Double] = []
        for stage in 0..<stages {
            let kMeans = KMeans(size: size, seed: seed &+ UInt64(stage), workers: workers)
            let trained = try kMeans.train(
                stages > 1
                    ? state.residuals.evenlySpread(
                        atMost: Self.startingHypotheses * size, dimension: dimension)
                    : kept, dimension: dimension)
            result.codebooks.append(trained.codebook)
            result.unusedCodewords += trained.unusedCodewords
            state.advance(by: trained.codebook, width: beamWidth, workers: workers)
            errors.append(state.meanSquaredError)
            progress(Double(stage + 1) / work)
        }
        // One stage is k-means already, which has its own iterations.
        if stages > 1 {
            result.codebooks = refined(
                result.codebooks, errors: errors, vectors: kept, dimension: dimension
            ) { progress(Double(stages + $0) / work) }
        }
        state = BeamState(kept, dimension: dimension)
        for codebook in result.codebooks {
            result.statistics.append(state.extend(by: codebook, width: beamWidth, workers: workers))
            result.errors.append(state.meanSquaredError)
        }
        return result
    }
}
