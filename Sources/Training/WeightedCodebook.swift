public import Quantization

/// Points with weights that stand for what a stage quantizes.
public struct WeightedCodebook: Sendable, Equatable {
    /// The points.
    public let codebook: Codebook

    /// Weight of each point: tokens that it stands for.
    public let weights: [Double]

    /// Creates weighted points. Traps unless there is a finite weight for each, none negative.
    public init(_ codebook: Codebook, weights: [Double]) {
        precondition(weights.count == codebook.size, "a weight for each codeword")
        precondition(weights.allSatisfy { $0 >= 0 && $0.isFinite }, "weights are not negative")
        self.codebook = codebook
        self.weights = weights
    }

    /// What the calibration statistics of a stage say about its tokens: their means, weighted by use.
    public init(_ statistics: StageStatistics) {
        self.init(
            Codebook(
                codewords: statistics.means, size: statistics.counts.count, dimension: statistics.dimension),
            weights: statistics.counts.map { Double($0) })
    }
}
