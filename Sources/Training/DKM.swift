import CVectorKernels
public import Quantization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Differentiable k-means on a codebook's codewords (Cho et al. 2021), weighted by use, for a smaller codebook
/// without any frames.
///
/// Each step lets every codeword attend to the centroids by a softmax of −distance/τ and moves the centroids to the
/// attention-weighted means. It starts from the Ward tree's cut; τ is a share of the mean distance between nearest
/// codewords, annealed, so that the result does not depend on the data's scale.
public struct DKM: Sendable {
    /// Temperature of the first step, in mean nearest-neighbour distances.
    public var firstTemperature = 0.30

    /// Temperature of the last step, in mean nearest-neighbour distances.
    public var lastTemperature = 0.02

    /// Steps from the first temperature to the last.
    public var steps = 40

    /// A centroid with less than this share of the mean mass stays where it is.
    public var leastMass = 1e-4

    /// Uses the default temperatures.
    public init() {}

    /// The codebook of `size` codewords for a tree's codebook, weighted by `weights`.
    ///
    /// Traps unless size is 1...tree.codebook.size and there is a weight that is not negative for each codeword.
    /// The result is never worse than the tree's cut in distortion over the weighted codewords.
    /// - Complexity: O(steps × codebook size × size × dimension)
    public func adapt(_ tree: WardTree, weights: [Double], size: Int) -> Codebook {
        let codebook = tree.codebook
        precondition(weights.count == codebook.size, "a weight for each codeword")
        let start = tree.cut(size: size)
        let scale = tree.meanNearestDistance
        guard scale > 0, weights.contains(where: { $0 > 0 }) else { return start }
        var centroids = start
        for step in 0..<steps {
            let progress = steps > 1 ? Double(step) / Double(steps - 1) : 1
            let temperature =
                scale * firstTemperature * pow(lastTemperature / firstTemperature, progress)
            centroids = move(centroids, codebook, weights, temperature: Float(temperature))
        }
        let before = Self.distortion(of: codebook, weights: weights, at: start)
        let after = Self.distortion(of: codebook, weights: weights, at: centroids)
        return after <= before ? centroids : start
    }

    /// One step of soft assignment and update.
    private func move(
        _ centroids: Codebook, _ codebook: Codebook, _ weights: [Double], temperature: Float
    ) -> Codebook {
        let dimension = codebook.dimension
        let size = centroids.size
        let distances = Self.distances(from: codebook, to: centroids)
        var masses: [Float] = Array(repeating: 0, count: size)
        var sums: [Float] = Array(repeating: 0, count: size * dimension)
        let total = weights.reduce(0, +)
        for codeword in 0..<codebook.size where weights[codeword] > 0 {
            let row = distances[codeword * size..<(codeword + 1) * size]
            let least = row.min() ?? 0
            // The softmax in log space: the nearest centroid's term is 1, so the sum never vanishes.
            let attention = row.map { exp((least - $0) / temperature) }
            let share = Float(weights[codeword] / total) / attention.reduce(0, +)
            for (centroid, value) in attention.enumerated() where value > 1e-7 {
                let mass = value * share
                masses[centroid] += mass
                for index in 0..<dimension {
                    sums[centroid * dimension + index] +=
                        mass * codebook.codewords[codeword * dimension + index]
                }
            }
        }
        let floor = Float(leastMass) / Float(size)
        let moved = sums.indices.map { index in
            let mass = masses[index / dimension]
            return mass > floor ? sums[index] / mass : centroids.codewords[index]
        }
        return Codebook(codewords: moved, size: size, dimension: dimension)
    }

    /// Weighted squared distance of codewords to their nearest centroids.
    static func distortion(of codebook: Codebook, weights: [Double], at centroids: Codebook) -> Double {
        let distances = distances(from: codebook, to: centroids)
        return (0..<codebook.size).reduce(0) { sum, codeword in
            let least = distances[codeword * centroids.size..<(codeword + 1) * centroids.size].min() ?? 0
            return sum + weights[codeword] * Double(least) * Double(least)
        }
    }

    /// Distances of all codewords (rows) to all centroids.
    private static func distances(from codebook: Codebook, to centroids: Codebook) -> [Float] {
        let dimension = codebook.dimension
        let packed = PackedCodebook(centroids)
        let stride = weir_padded_size(centroids.size)
        var scores: [Float] = Array(repeating: 0, count: codebook.size * stride)
        unsafe weir_scores(
            packed.packed, packed.halfNorms, centroids.size, dimension, codebook.codewords, codebook.size,
            &scores)
        var distances: [Float] = []
        distances.reserveCapacity(codebook.size * centroids.size)
        for codeword in 0..<codebook.size {
            let squaredNorm = codebook[codeword].reduce(0) { $0 + $1 * $1 }
            for centroid in 0..<centroids.size {
                distances.append(max(0, squaredNorm + 2 * scores[codeword * stride + centroid]).squareRoot())
            }
        }
        return distances
    }
}
