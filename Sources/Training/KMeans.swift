public import Quantization

/// Weighted k-means: k-means++ seeding, Lloyd's iterations, repair of empty clusters.
///
/// The same vectors, options and seed give the same codebook, to the bit, on any number of threads: vectors are
/// assigned one by one, and each cluster's mean is summed over its members in their order.
public struct KMeans: Sendable {
    /// Codewords to find.
    public var size: Int

    /// The most Lloyd iterations.
    public var iterations = 25

    /// Iterations stop when one improves the error by less than this share of it.
    public var tolerance = 1e-4

    /// Seed of the choice of first codewords.
    public var seed: UInt64

    /// Threads.
    public var workers: Workers

    /// What training gave.
    public struct Result: Sendable {
        /// The codewords.
        public var codebook: Codebook
        /// Mean squared error of a vector (summed over its dimensions) around the mean of its cluster.
        public var meanSquaredError: Double
        /// Codewords that no vector uses: more than 0 only where there are fewer distinct vectors than codewords.
        public var unusedCodewords: Int
        /// Lloyd iterations done.
        public var iterations: Int
    }

    /// Finds `size` codewords with a seed.
    public init(size: Int, seed: UInt64 = 1, workers: Workers = .available) {
        precondition(1...Codebook.maximumSize ~= size, "a codebook has 1...65536 codewords")
        self.size = size
        self.seed = seed
        self.workers = workers
    }

    /// Trains on vectors of `dimension` values each, one after the other.
    ///
    /// Fewer distinct vectors than codewords leave some codewords unused, which the result counts.
    /// Traps unless values are finite, whole vectors, and have one positive weight each (or none: all weigh 1).
    ///
    /// - Complexity: O(iterations × vectors × size × dimension)
    public func train(
        _ vectors: [Float], dimension: Int, weights: [Float]? = nil
    ) throws(TrainingError) -> Result {
        precondition(dimension > 0 && vectors.count.isMultiple(of: dimension), "whole vectors")
        let count = vectors.count / dimension
        precondition(vectors.allSatisfy(\.isFinite), "values are finite")
        precondition(weights.map { $0.count == count } ?? true, "a weight for each vector")
        precondition(weights.map { $0.allSatisfy { $0 > 0 && $0.isFinite } } ?? true, "weights are positive")
        guard count >= size else { throw .tooFewVectors(vectors: count, codewords: size) }
        let points = Points(values: vectors, dimension: dimension, weights: weights)
        return refine(seedCodewords(points), with: points)
    }
}

/// Weighted vectors, one after the other.
struct Points: Sendable {
    let values: [Float]
    let dimension: Int
    let weights: [Float]?

    var count: Int { values.count / dimension }

    func weight(_ index: Int) -> Double {
        weights.map { Double($0[index]) } ?? 1
    }
}
