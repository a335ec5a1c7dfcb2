import CVectorKernels
import Quantization

extension KMeans {
    /// Vectors looked at for each codeword to choose; more change the result little and cost much.
    private static let sampledVectorsPerCodeword = 32

    /// Candidates for each codeword, of which the best is taken (greedy k-means++). Four were no better: of 100,000 frames
    /// of 64 values, 1,024 codewords left the same error.
    private static let candidates = 2

    /// Vectors of the sample that are looked at as one task.
    private static let vectorsPerPart = 4096

    /// Chooses first codewords among the vectors: each with a chance in proportion to its squared distance to those
    /// chosen before (Arthur and Vassilvitskii 2007), the best of a few such draws.
    func seedCodewords(_ points: Points) -> Codebook {
        let dimension = points.dimension
        let sample = Self.evenlySpread(
            min(points.count, max(4096, Self.sampledVectorsPerCodeword * size)), of: points.count)
        let values = sample.flatMap { points.values[$0 * dimension..<($0 + 1) * dimension] }
        let weights = sample.map(points.weight)
        // Parts of the sample are laid out as codebooks: the kernels then give a few candidates' distances to all of
        // one. The parts do not depend on the number of threads.
        let parts = workers.map(ranges: sample.count, of: Self.vectorsPerPart) { range in
            SamplePart(range, of: values, weights: weights, dimension: dimension)
        }
        var generator = SeededGenerator(seed: seed)
        var nearest = parts.map { Array(repeating: Double.infinity, count: $0.count) }
        var chosen: [Int] = []
        for _ in 0..<size {
            let draws = draw(nearest, weights, chosen: chosen.count, generator: &generator)
            let candidates = draws.flatMap { values[$0 * dimension..<($0 + 1) * dimension] }
            let before = nearest
            let steps = workers.map(parts.count) { part in
                parts[part].nearest(afterAdding: candidates, to: before[part])
            }
            let totals = draws.indices.map { draw in steps.reduce(0) { $0 + $1[draw].total } }
            guard let best = totals.indices.min(by: { totals[$0] < totals[$1] }) else { break }
            chosen.append(draws[best])
            nearest = steps.map { $0[best].nearest }
        }
        let codewords = chosen.flatMap { values[$0 * dimension..<($0 + 1) * dimension] }
        return Codebook(codewords: codewords, size: size, dimension: dimension)
    }

    /// Draws candidates; where every vector coincides with a codeword already, the next vector in order.
    private func draw(
        _ nearest: [[Double]], _ weights: [Double], chosen: Int, generator: inout SeededGenerator
    ) -> [Int] {
        var cumulative: [Double] = []
        cumulative.reserveCapacity(weights.count)
        var total = 0.0
        var index = 0
        for distances in nearest {
            for distance in distances {
                total += chosen == 0 ? weights[index] : distance * weights[index]
                cumulative.append(total)
                index += 1
            }
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

/// A part of the sample, to measure squared distances to.
private struct SamplePart: Sendable {
    private let packed: PackedCodebook
    private let squaredNorms: [Double]
    private let weights: [Double]

    /// Vectors of the part.
    var count: Int { packed.size }

    init(_ range: Range<Int>, of values: [Float], weights: [Double], dimension: Int) {
        let part = Array(values[range.lowerBound * dimension..<range.upperBound * dimension])
        packed = PackedCodebook(Codebook(codewords: part, size: range.count, dimension: dimension))
        squaredNorms = range.map { Self.squaredNorm(values[$0 * dimension..<($0 + 1) * dimension]) }
        self.weights = Array(weights[range])
    }

    /// For each candidate the distances to the nearest chosen vector if it is chosen too, and their weighted sum. What
    /// rounding makes of equal vectors is 0.
    func nearest(
        afterAdding candidates: [Float], to nearest: [Double]
    ) -> [(nearest: [Double], total: Double)] {
        let dimension = packed.dimension
        let stride = packed.halfNorms.count
        let candidateCount = candidates.count / dimension
        var scores: [Float] = Array(repeating: 0, count: candidateCount * stride)
        unsafe weir_scores(
            packed.packed, packed.halfNorms, count, dimension, candidates, candidateCount, &scores)
        return (0..<candidateCount).map { candidate in
            let squaredNorm = Self.squaredNorm(
                candidates[candidate * dimension..<(candidate + 1) * dimension])
            var total = 0.0
            var result = nearest
            for index in 0..<count {
                let distance = squaredNorm + 2 * Double(scores[candidate * stride + index])
                let isZero = distance < 1e-6 * (squaredNorm + squaredNorms[index])
                let least = isZero ? 0 : min(nearest[index], distance)
                result[index] = least
                total += least * weights[index]
            }
            return (result, total)
        }
    }

    private static func squaredNorm(_ vector: ArraySlice<Float>) -> Double {
        vector.reduce(0) { $0 + Double($1) * Double($1) }
    }
}
