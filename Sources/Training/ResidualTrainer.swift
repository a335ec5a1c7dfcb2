public import Quantization

/// Trains the base codebooks of a residual quantizer, stage by stage.
///
/// Each stage is trained by k-means on what all hypotheses of the beam search over the stages before leave over, as
/// FAISS does: the codewords then serve the hypotheses that the encoder really weighs against each other.
public struct ResidualTrainer: Sendable {
    /// Stages to train.
    public var stages = 8

    /// Codewords of each stage.
    public var size = 256

    /// Hypotheses kept after each stage, in training as in encoding.
    public var beamWidth = 5

    /// Seed of all choices.
    public var seed: UInt64 = 1

    /// Rounds of joint refinement of all stages after the stagewise training. They gain up to 0.4 dB on frames that the
    /// training did not see (sift128, eight stages), and cost one beam search of all vectors each.
    public var refinements = 8

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
        let kept = thinned(vectors, dimension: dimension)
        var state = BeamState(kept, dimension: dimension)
        var result = Result(codebooks: [], statistics: [], errors: [], unusedCodewords: 0)
        let work = Double(stages) + Double(refinements) / 2
        for stage in 0..<stages {
            let kMeans = KMeans(size: size, seed: seed &+ UInt64(stage), workers: workers)
            let trained = try kMeans.train(state.residuals, dimension: dimension)
            result.codebooks.append(trained.codebook)
            result.unusedCodewords += trained.unusedCodewords
            _ = state.extend(by: trained.codebook, width: beamWidth, workers: workers)
            progress(Double(stage + 1) / work)
        }
        // One stage is k-means already, which has its own iterations.
        if stages > 1 {
            for round in 0..<refinements {
                result.codebooks = refined(result.codebooks, vectors: kept, dimension: dimension)
                progress((Double(stages) + Double(round + 1) / 2) / work)
            }
        }
        state = BeamState(kept, dimension: dimension)
        for codebook in result.codebooks {
            result.statistics.append(state.extend(by: codebook, width: beamWidth, workers: workers))
            result.errors.append(state.meanSquaredError)
        }
        return result
    }

    private func thinned(_ vectors: [Float], dimension: Int) -> [Float] {
        let count = vectors.count / dimension
        let limit = max(size, maximumValues / (beamWidth * dimension))
        guard count > limit else { return vectors }
        return KMeans.evenlySpread(limit, of: count).flatMap {
            vectors[$0 * dimension..<($0 + 1) * dimension]
        }
    }
}
