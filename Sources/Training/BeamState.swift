import CVectorKernels
import Quantization

/// The hypotheses of a beam search over many vectors, after some stages; the trainer's view of what the quantizer's
/// encoder does.
struct BeamState: Sendable {
    /// Vectors extended by one kernel call.
    private static let vectorsAtOnce = 16

    /// Vectors extended as one task.
    private static let vectorsPerTask = 1024

    /// Vectors.
    let count: Int
    /// Values of a vector.
    let dimension: Int
    /// Hypotheses of a vector, best first.
    private(set) var width = 1
    /// What each hypothesis leaves over: count × width × dimension.
    private(set) var residuals: [Float]
    private var halfNorms: [Float]
    /// What each hypothesis costs; only the differences between those of a vector count.
    private var costs: [Float]
    /// The codes of each hypothesis: count × width × stages.
    private var paths: [UInt16] = []
    private(set) var stages = 0

    /// No stage yet: one hypothesis for each vector, which leaves all of it.
    init(_ vectors: [Float], dimension: Int) {
        count = vectors.count / dimension
        self.dimension = dimension
        residuals = vectors
        halfNorms = Array(repeating: 0, count: count)
        costs = halfNorms
    }

    /// Mean squared residual of the best hypotheses, summed over the dimensions; meaningful after a stage.
    var meanSquaredError: Double {
        (0..<count).reduce(0) { $0 + 2 * Double(halfNorms[$1 * width]) } / Double(count)
    }

    /// What the best hypothesis of each vector leaves over: count × dimension.
    var bestResiduals: [Float] {
        guard width > 1 else { return residuals }
        var best: [Float] = []
        best.reserveCapacity(count * dimension)
        for vector in 0..<count {
            best.append(contentsOf: residuals[vector * width * dimension..<(vector * width + 1) * dimension])
        }
        return best
    }

    /// The codes of the best hypothesis of each vector: count × stages.
    var bestPaths: [UInt16] {
        (0..<count).flatMap { paths[$0 * width * stages..<($0 * width + 1) * stages] }
    }

    /// Extends each vector's hypotheses by a stage and keeps the best `nextWidth`.
    mutating func advance(by codebook: Codebook, width nextWidth: Int, workers: Workers) {
        let nextWidth = min(nextWidth, width * codebook.size)
        adopt(parts(by: codebook, width: nextWidth, workers: workers), width: nextWidth)
    }

    /// As `advance`. Returns how the best hypotheses use the codebook.
    mutating func extend(by codebook: Codebook, width nextWidth: Int, workers: Workers) -> StageStatistics {
        let nextWidth = min(nextWidth, width * codebook.size)
        let parts = parts(by: codebook, width: nextWidth, workers: workers)
        let statistics = statistics(parts, codebook: codebook, width: nextWidth, workers: workers)
        adopt(parts, width: nextWidth)
        return statistics
    }

    private func parts(by codebook: Codebook, width nextWidth: Int, workers: Workers) -> [Part] {
        let stage = PackedCodebook(codebook)
        return workers.map(ranges: count, of: Self.vectorsPerTask) { range in
            extended(range, by: stage, width: nextWidth)
        }
    }

    private mutating func adopt(_ parts: [Part], width nextWidth: Int) {
        residuals = Array(parts.map(\.residuals).joined())
        halfNorms = Array(parts.map(\.halfNorms).joined())
        costs = Array(parts.map(\.costs).joined())
        paths = Array(parts.map(\.paths).joined())
        width = nextWidth
        stages += 1
    }

    private struct Part: Sendable {
        var residuals: [Float] = []
        var halfNorms: [Float] = []
        var costs: [Float] = []
        var paths: [UInt16] = []
        var parents: [UInt16] = []
    }

    private func extended(_ range: Range<Int>, by stage: PackedCodebook, width nextWidth: Int) -> Part {
        let codebook = stage.codebook
        var part = Part()
        part.residuals.reserveCapacity(range.count * nextWidth * dimension)
        var first = range.lowerBound
        while first < range.upperBound {
            let step = min(Self.vectorsAtOnce, range.upperBound - first)
            var scores: [Float] = Array(repeating: 0, count: step * width * weir_padded_size(codebook.size))
            var nextResiduals: [Float] = Array(repeating: 0, count: step * nextWidth * dimension)
            var nextHalfNorms: [Float] = Array(repeating: 0, count: step * nextWidth)
            var nextCosts = nextHalfNorms
            var parents: [UInt16] = Array(repeating: 0, count: step * nextWidth)
            var indices = parents
            unsafe weir_beam_step(
                stage.packed, stage.halfNorms, codebook.codewords, codebook.size, dimension, step, width,
                Array(residuals[first * width * dimension..<(first + step) * width * dimension]),
                Array(costs[first * width..<(first + step) * width]), nextWidth, &scores, &nextResiduals,
                &nextHalfNorms, &nextCosts, &parents, &indices)
            for next in 0..<step * nextWidth {
                let parent = (first + next / nextWidth) * width + Int(parents[next])
                part.paths.append(contentsOf: paths[parent * stages..<(parent + 1) * stages])
                part.paths.append(indices[next])
            }
            part.residuals.append(contentsOf: nextResiduals)
            part.halfNorms.append(contentsOf: nextHalfNorms)
            part.costs.append(contentsOf: nextCosts)
            part.parents.append(contentsOf: parents)
            first += step
        }
        return part
    }

    /// Statistics over the best new hypothesis of each vector.
    private func statistics(
        _ parts: [Part], codebook: Codebook, width nextWidth: Int, workers: Workers
    ) -> StageStatistics {
        var left: [Float] = []
        var codes: [UInt16] = []
        left.reserveCapacity(count * dimension)
        codes.reserveCapacity(count)
        for part in parts {
            for local in 0..<part.parents.count / nextWidth {
                let parent = codes.count * width + Int(part.parents[local * nextWidth])
                left.append(contentsOf: residuals[parent * dimension..<(parent + 1) * dimension])
                codes.append(part.paths[local * nextWidth * (stages + 1) + stages])
            }
        }
        return StageStatistics(of: left, codes: codes, codebook: codebook, workers: workers)
    }
}
