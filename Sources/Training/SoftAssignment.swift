import CVectorKernels
import Quantization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How weighted points attend to centroids by a softmax of −distance/τ: the step of differentiable k-means.
struct SoftAssignment: Sendable {
    /// Points scored by one kernel call.
    private static let pointsAtOnce = 16

    /// Attention of less than this share of the nearest centroid's is taken as none.
    private static let leastAttention: Float = 1e-4

    /// One centroid that a point attends to.
    struct Attention: Sendable {
        var centroid: Int
        /// Euclidean distance.
        var distance: Float
        /// Share of the point's attention; a point's shares add up to 1.
        var share: Float
    }

    private let points: Codebook
    private let rows: LaneRows
    private let weights: [Float]
    private let squaredNorms: [Float]

    init(_ points: WeightedCodebook) {
        self.points = points.codebook
        let dimension = points.codebook.dimension
        rows = LaneRows(points.codebook.codewords, dimension: dimension)
        let total = max(points.weights.reduce(0, +), .leastNormalMagnitude)
        weights = points.weights.map { Float($0 / total) }
        let rows = rows
        squaredNorms = (0..<points.codebook.size).map { rows.product($0, rows[$0]) }
    }

    /// Moves centroids to the attention-weighted means of the points. A centroid with less than `leastMass` of the
    /// mean mass stays where it is.
    ///
    /// - Complexity: O(points × centroids × dimension)
    func moved(_ centroids: Codebook, temperature: Float, leastMass: Float) -> Codebook {
        let dimension = centroids.dimension
        var masses: [Float] = Array(repeating: 0, count: centroids.size)
        var sums = LaneRows(count: centroids.size, dimension: dimension)
        forEachPoint(centroids, temperature: temperature) { point, attention in
            guard weights[point] > 0 else { return }
            for entry in attention {
                let mass = weights[point] * entry.share
                masses[entry.centroid] += mass
                sums.add(mass, rows, point, to: entry.centroid)
            }
        }
        let floor = leastMass / Float(centroids.size)
        var values: [Float] = []
        values.reserveCapacity(centroids.codewords.count)
        for centroid in 0..<centroids.size {
            let isHeld = masses[centroid] > floor
            for index in 0..<dimension {
                values.append(
                    isHeld
                        ? sums.value(centroid, index) / masses[centroid]
                        : centroids.codewords[centroid * dimension + index])
            }
        }
        return Codebook(codewords: values, size: centroids.size, dimension: dimension)
    }

    /// Weighted mean of the points' squared distances to their nearest centroids, summed over the dimensions.
    func distortion(at centroids: Codebook) -> Double {
        var sum = 0.0
        forEachRow(centroids) { point, _, least in
            sum += Double(weights[point]) * max(0, Double(squaredNorms[point]) + 2 * Double(least))
        }
        return sum
    }

    /// Tells each point's attention, point by point.
    func forEachPoint(
        _ centroids: Codebook, temperature: Float, _ body: (Int, [Attention]) -> Void
    ) {
        let reach = -temperature * logf(Self.leastAttention)
        var attention: [Attention] = []
        forEachRow(centroids) { point, scores, leastScore in
            let square = squaredNorms[point]
            // The softmax in log space: the nearest centroid's term is 1, so that the sum never vanishes.
            let nearest = max(0, square + 2 * leastScore).squareRoot()
            let limit = max(leastScore, ((nearest + reach) * (nearest + reach) - square) / 2)
            attention.removeAll(keepingCapacity: true)
            var total: Float = 0
            for group in 0..<scores.count {
                let within = scores[group] .<= limit
                guard any(within) else { continue }
                for lane in 0..<16 where within[lane] {
                    let distance = max(0, square + 2 * scores[group][lane]).squareRoot()
                    let share = expf((nearest - distance) / temperature)
                    total += share
                    attention.append(Attention(centroid: group * 16 + lane, distance: distance, share: share))
                }
            }
            for index in attention.indices { attention[index].share /= total }
            body(point, attention)
        }
    }

    /// Tells the scores ½‖c‖² − x·c of each point x for all centroids, in groups of 16, infinite for the
    /// padding, and the least of them.
    private func forEachRow(_ centroids: Codebook, _ body: (Int, Span<SIMD16<Float>>, Float) -> Void) {
        let packed = PackedCodebook(centroids)
        let dimension = points.dimension
        let groups = weir_padded_size(centroids.size) / 16
        var scores: [SIMD16<Float>] = Array(repeating: SIMD16(), count: Self.pointsAtOnce * groups)
        for first in stride(from: 0, to: points.size, by: Self.pointsAtOnce) {
            let count = min(Self.pointsAtOnce, points.size - first)
            let vectors = Array(points.codewords[first * dimension..<(first + count) * dimension])
            unsafe scores.withUnsafeMutableBufferPointer { scores in
                unsafe scores.withMemoryRebound(to: Float.self) { scores in
                    if let scores = scores.baseAddress {
                        unsafe weir_scores(
                            packed.packed, packed.halfNorms, centroids.size, dimension, vectors, count, scores
                        )
                    }
                }
            }
            for row in 0..<count {
                let span = scores.span.extracting(row * groups..<(row + 1) * groups)
                var least = SIMD16<Float>(repeating: .infinity)
                for group in 0..<groups { least = pointwiseMin(least, span[group]) }
                body(first + row, span, least.min())
            }
        }
    }
}
