import Quantization

/// The steps of differentiable k-means on a codebook, kept so that gradients flow back through them.
struct UnrolledDKM: Sendable {
    /// The mean change of a centroid's values at which steps stop, as in the paper's code.
    private static let tolerance: Float = 1e-8

    /// Where the steps led.
    let centroids: LaneRows

    private let points: LaneRows
    private let dimension: Int
    private let start: [Int]
    private let temperature: Float
    private let trace: [Step]

    private struct Step: Sendable {
        /// Centroids before.
        var centroids: LaneRows
        /// Attention of each point.
        var attention: [[SoftAssignment.Attention]]
        /// Mass of each centroid.
        var masses: [Float]
        /// Centroids after.
        var moved: LaneRows
    }

    /// Runs up to `steps` steps from the codewords at `start`.
    init(_ codebook: Codebook, start: [Int], temperature: Float, steps: Int) {
        dimension = codebook.dimension
        points = LaneRows(codebook.codewords, dimension: dimension)
        self.start = start
        self.temperature = temperature
        let assignment = SoftAssignment(
            WeightedCodebook(codebook, weights: Array(repeating: 1, count: codebook.size)))
        var values = start.flatMap { codebook[$0] }
        var rows = LaneRows(values, dimension: dimension)
        var trace: [Step] = []
        for _ in 0..<steps {
            let current = Codebook(codewords: values, size: start.count, dimension: dimension)
            let step = Self.step(assignment, points, current, rows, temperature)
            trace.append(step)
            rows = step.moved
            let moved = rows.values(dimension: dimension)
            let change = zip(moved, values).reduce(Float(0)) { $0 + ($1.0 - $1.1).magnitude }
            values = moved
            if change <= Self.tolerance * Float(values.count) { break }
        }
        self.trace = trace
        centroids = rows
    }

    private static func step(
        _ assignment: SoftAssignment, _ points: LaneRows, _ codebook: Codebook, _ rows: LaneRows,
        _ temperature: Float
    ) -> Step {
        var attention: [[SoftAssignment.Attention]] = []
        attention.reserveCapacity(points.count)
        var masses: [Float] = Array(repeating: 0, count: rows.count)
        var moved = LaneRows(zerosLike: rows)
        assignment.forEachPoint(codebook, temperature: temperature) { point, entries in
            attention.append(entries)
            for entry in entries {
                masses[entry.centroid] += entry.share
                moved.add(entry.share, points, point, to: entry.centroid)
            }
        }
        for centroid in 0..<rows.count {
            if masses[centroid] > 0 {
                moved.scale(centroid, by: 1 / masses[centroid])
            } else {
                moved.add(1, rows, centroid, to: centroid)
            }
        }
        return Step(centroids: rows, attention: attention, masses: masses, moved: moved)
    }

    /// How a loss grows with each value of the codebook, from how it grows with those of the centroids.
    func gradient(of centroidGradient: LaneRows) -> [Float] {
        var result = LaneRows(zerosLike: points)
        var gradient = centroidGradient
        for step in trace.reversed() {
            var before = LaneRows(zerosLike: gradient)
            for centroid in 0..<gradient.count where step.masses[centroid] == 0 {
                before.add(1, gradient, centroid, to: centroid)
            }
            for (point, entries) in step.attention.enumerated() {
                for entry in entries {
                    result.add(
                        entry.share / step.masses[entry.centroid], gradient, entry.centroid, to: point)
                }
                // One centroid has all the attention: that does not change.
                guard entries.count > 1 else { continue }
                let slopes = entries.map { entry in
                    (gradient.product(entry.centroid, points, point)
                        - gradient.product(entry.centroid, step.moved, entry.centroid))
                        / step.masses[entry.centroid]
                }
                let mean = zip(entries, slopes).reduce(0) { $0 + $1.0.share * $1.1 }
                for (entry, slope) in zip(entries, slopes) {
                    // By the distance, then by the difference that it is the length of.
                    let factor =
                        -entry.share * (slope - mean) / temperature / max(entry.distance, 1e-8)
                    let centroid = entry.centroid
                    result.add(factor, points, point, minus: step.centroids, centroid, to: point)
                    before.add(-factor, points, point, minus: step.centroids, centroid, to: centroid)
                }
            }
            gradient = before
        }
        for (centroid, point) in start.enumerated() { result.add(1, gradient, centroid, to: point) }
        return result.values(dimension: dimension)
    }
}
