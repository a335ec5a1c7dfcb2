public import Quantization

/// Differentiable k-means on the base codewords as rate-adaptive quantization (RAQ, Seo and Kang 2024) sets it; kept for
/// comparison.
///
/// All codewords weigh the same, distances are not squared, τ is a fixed number in normalized units, and the start is
/// drawn from the codewords.
public struct PaperDKM: Sendable {
    /// How the first centroids are drawn.
    public enum Start: Sendable, CaseIterable {
        /// Any codewords.
        case random
        /// Codewords far from each other.
        case kMeansPlusPlus
    }

    /// How the first centroids are drawn.
    public var start = Start.kMeansPlusPlus

    /// Temperature, in normalized units.
    public var temperature: Float = 0.01

    /// The most steps.
    public var iterations = 200

    /// Steps stop when they move the centroids' values by no more than this, on average.
    public var tolerance = 1e-8

    /// Seed of the start.
    public var seed: UInt64 = 1

    /// Uses the paper's values.
    public init() {}

    /// A codebook of `size` codewords for a base codebook. Traps unless size is 1...base.size.
    ///
    /// A centroid that no codeword attends to stays where it is; the paper does not say what becomes of it.
    /// - Complexity: O(iterations × base.size × size × dimension)
    public func adapt(_ base: Codebook, size: Int) -> Codebook {
        precondition(1...base.size ~= size, "a smaller codebook has 1...size codewords")
        let points = WeightedCodebook(base, weights: Array(repeating: 1, count: base.size))
        let assignment = SoftAssignment(points)
        var centroids = first(base, size: size)
        for _ in 0..<iterations {
            let moved = assignment.moved(
                centroids, temperature: temperature, leastMass: .leastNormalMagnitude)
            let change = zip(moved.codewords, centroids.codewords)
                .reduce(0) { $0 + Double(($1.0 - $1.1).magnitude) }
            centroids = moved
            if change <= tolerance * Double(centroids.codewords.count) { break }
        }
        return centroids
    }

    private func first(_ base: Codebook, size: Int) -> Codebook {
        switch start {
        case .random:
            var generator = SeededGenerator(seed: seed)
            let chosen = (0..<base.size).shuffled(using: &generator).prefix(size)
            return Codebook(
                codewords: chosen.flatMap { base[$0] }, size: size, dimension: base.dimension)
        case .kMeansPlusPlus:
            let points = Points(values: base.codewords, dimension: base.dimension, weights: nil)
            return KMeans(size: size, seed: seed).seedCodewords(points)
        }
    }
}
