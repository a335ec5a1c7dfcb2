import CVectorKernels
import Quantization

extension KMeans {
    /// Vectors looked at for each codeword to choose; more change the result little and cost much.
    private static let sampledVectorsPerCodeword = 32

    /// Candidates for each codeword, of which the best is taken (greedy k-means++).
    private static let candidates = 4

    /// Chooses first codewords among the vectors: each with a chance in proportion to its squared distance to those
    /// chosen before (Arthur and Vassilvitskii 2007), the best of a few such draws.
    func seedCodewords(_ points: Points) -> Codebook {
        let dimension = points.dimension
        let sample = Self.evenlySpread(
            min(points.count, max(4096, Self.sampledVectorsPerCodeword * size)), of: points.count)
        var values: [Float] = []
        values.reserveCapacity(sample.count * dimension)
        for index in sample {
            values.append(contentsOf: points.values[index * dimension..<(index + 1) * dimension])
        }
        let weights = sample.map(points.weight)
        // The sample is laid out as a codebook: the kernels then give one vector's distance to all of it.
        let distances = SampleDistances(values, count: sample.count, dimension: dimension)
        var generator = SeededGenerator(seed: seed)
        var nearest = Array(repeating: Double.infinity, count: sample.count)
        var chosen: [Int] = []
        for _ in 0..<size {
            let draws = draw(nearest, weights, chosen: chosen.count, generator: &generator)
            var best: (total: Double, draw: Int, nearest: [Double])?
            for draw in draws {
                let candidate = distances.nearest(afterAdding: draw, to: nearest)
                let total = zip(candidate, weights).reduce(0) { $0 + $1.0 * $1.1 }
                if best.map({ total < $0.total }) ?? true { best = (total, draw, candidate) }
            }
            guard let best else { break }
            chosen.append(best.draw)
            nearest = best.nearest
        }
        let codewords = chosen.flatMap { values[$0 * dimension..<($0 + 1) * dimension] }
        return Codebook(codewords: codewords, size: size, dimension: dimension)
    }

    /// Draws candidates; where every vector coincides with a codeword already, the next vector in order.
    private func draw(
        _ nearest: [Double], _ weights: [Double], chosen: Int, generator: inout SeededGenerator
    ) -> [Int] {
        var cumulative: [Double] = []
        cumulative.reserveCapacity(weights.count)
        var total = 0.0
        for (distance, weight) in zip(nearest, weights) {
            total += chosen == 0 ? weight : distance * weight
            cumulative.append(total)
        }
        guard total > 0 else { return [chosen % weights.count] }
        return (0..<(chosen == 0 ? 1 : Self.candidates)).map { _ in
            let target = generator.nextUnit() * total
            var low = 0
            var high = cumulative.count - 1
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > target { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }

    /// `count` of the indices 0..<total, evenly spread, ascending.
    static func evenlySpread(_ count: Int, of total: Int) -> [Int] {
        (0..<count).map { Int((UInt64($0) * UInt64(total)) / UInt64(count)) }
    }
}

/// Squared distances between the vectors of a sample, one against all.
private struct SampleDistances {
    private let values: [Float]
    private let packed: [Float]
    private let halfNorms: [Float]
    private let squaredNorms: [Double]
    private let count: Int
    private let dimension: Int

    init(_ values: [Float], count: Int, dimension: Int) {
        self.values = values
        self.count = count
        self.dimension = dimension
        var packed: [Float] = Array(repeating: 0, count: weir_packed_count(count, dimension))
        var halfNorms: [Float] = Array(repeating: 0, count: weir_padded_size(count))
        unsafe weir_pack(values, count, dimension, &packed, &halfNorms)
        self.packed = packed
        self.halfNorms = halfNorms
        squaredNorms = (0..<count).map { index in
            values[index * dimension..<(index + 1) * dimension].reduce(0) { $0 + Double($1) * Double($1) }
        }
    }

    /// The distances to the nearest chosen vector if one more is chosen. What rounding makes of equal vectors is 0.
    func nearest(afterAdding index: Int, to nearest: [Double]) -> [Double] {
        var scores: [Float] = Array(repeating: 0, count: weir_padded_size(count))
        unsafe weir_scores(
            packed, halfNorms, count, dimension, Array(values[index * dimension..<(index + 1) * dimension]),
            1,
            &scores)
        let squaredNorm = squaredNorms[index]
        return (0..<count).map { other in
            let distance = squaredNorm + 2 * Double(scores[other])
            let isZero = distance < 1e-6 * (squaredNorm + squaredNorms[other])
            return isZero ? 0 : min(nearest[other], distance)
        }
    }
}
