import CVectorKernels
import Quantization

extension KMeans {
    /// Vectors assigned as one task.
    private static let vectorsPerTask = 2048

    /// Clusters updated as one task.
    private static let clustersPerTask = 8

    /// Runs Lloyd's iterations from first codewords.
    func refine(_ first: Codebook, with points: Points) -> Result {
        var result = Result(codebook: first, meanSquaredError: .infinity, unusedCodewords: 0, iterations: 0)
        var hasEmpty = false
        while result.iterations < max(1, iterations) {
            let members = assign(points, to: result.codebook)
            var clusters = update(members, of: points, from: result.codebook)
            let weight = clusters.reduce(0) { $0 + $1.weight }
            let error = clusters.reduce(0) { $0 + $1.squaredError } / weight
            let improvement = result.meanSquaredError - error
            result.iterations += 1
            result.meanSquaredError = error
            let repaired = repair(&clusters, points)
            result.codebook = Codebook(
                codewords: clusters.flatMap(\.codeword), size: first.size, dimension: points.dimension)
            hasEmpty = clusters.contains { $0.weight == 0 }
            if repaired == 0 && improvement <= tolerance * error { break }
        }
        if hasEmpty {
            // Repair and the moved means may have given them vectors.
            result.unusedCodewords = assign(points, to: result.codebook).emptyClusters
        }
        return result
    }

    /// The vectors nearest to each codeword, in ascending order.
    private func assign(_ points: Points, to codebook: Codebook) -> Members {
        let packed = PackedCodebook(codebook)
        let dimension = points.dimension
        let tasks = workers.map(ranges: points.count, of: Self.vectorsPerTask) { range in
            var indices: [UInt16] = Array(repeating: 0, count: range.count)
            var scores: [Float] = Array(repeating: 0, count: range.count)
            var indexSpan = indices.mutableSpan
            var scoreSpan = scores.mutableSpan
            packed.findNearest(
                points.values.span.extracting(range.lowerBound * dimension..<range.upperBound * dimension),
                indices: &indexSpan, scores: &scoreSpan)
            return indices
        }
        return Members(Array(tasks.joined()), clusters: codebook.size)
    }

    /// Moves each codeword to the weighted mean of its members.
    private func update(_ members: Members, of points: Points, from codebook: Codebook) -> [Cluster] {
        let tasks = workers.map(ranges: codebook.size, of: Self.clustersPerTask) { range in
            range.map { Cluster(members[$0], of: points, codeword: codebook[$0]) }
        }
        return Array(tasks.joined())
    }

    /// Moves codewords without members onto the farthest member of the clusters with the largest error, one each.
    /// Returns how many were moved; where too few clusters have an error, the rest stays unused.
    private func repair(_ clusters: inout [Cluster], _ points: Points) -> Int {
        let empty = clusters.indices.filter { clusters[$0].weight == 0 }
        guard !empty.isEmpty else { return 0 }
        let donors = clusters.indices
            .filter { clusters[$0].squaredError > 0 }
            .sorted { (clusters[$1].squaredError, $0) < (clusters[$0].squaredError, $1) }
        for (cluster, donor) in zip(empty, donors) {
            let vector = clusters[donor].farthestMember
            clusters[cluster].codeword = Array(
                points.values[vector * points.dimension..<(vector + 1) * points.dimension])
        }
        return min(empty.count, donors.count)
    }
}

/// The members of each cluster, as a counting sort of the assignment.
private struct Members: Sendable {
    private var starts: [Int]
    private var sorted: [Int]

    init(_ assignment: [UInt16], clusters: Int) {
        starts = Array(repeating: 0, count: clusters + 1)
        for cluster in assignment { starts[Int(cluster) + 1] += 1 }
        for cluster in 0..<clusters { starts[cluster + 1] += starts[cluster] }
        var next = starts
        sorted = Array(repeating: 0, count: assignment.count)
        for (vector, cluster) in assignment.enumerated() {
            sorted[next[Int(cluster)]] = vector
            next[Int(cluster)] += 1
        }
    }

    /// Clusters without members.
    var emptyClusters: Int { zip(starts, starts.dropFirst()).count { $0 == $1 } }

    subscript(cluster: Int) -> ArraySlice<Int> {
        sorted[starts[cluster]..<starts[cluster + 1]]
    }
}

/// A codeword with what its members say about it.
private struct Cluster: Sendable {
    var codeword: [Float]
    var weight = 0.0
    var squaredError = 0.0
    var farthestMember = 0

    /// The mean of members, and their error around it; an empty cluster keeps its codeword.
    init(_ members: ArraySlice<Int>, of points: Points, codeword old: ArraySlice<Float>) {
        codeword = Array(old)
        guard !members.isEmpty else { return }
        let dimension = points.dimension
        var sums: [Double] = Array(repeating: 0, count: dimension)
        for member in members {
            weight += points.weight(member)
            points.add(member, weight: points.weight(member), to: &sums)
        }
        for index in 0..<dimension { codeword[index] = Float(sums[index] / weight) }
        var difference: [Float] = Array(repeating: 0, count: dimension)
        var farthest = 0.0
        for member in members {
            let distance = points.squaredDistance(of: member, to: codeword, difference: &difference)
            squaredError += points.weight(member) * distance
            if distance > farthest {
                farthest = distance
                farthestMember = member
            }
        }
    }
}

extension Points {
    /// Adds a vector's values times a weight to sums.
    fileprivate func add(_ index: Int, weight: Double, to sums: inout [Double]) {
        precondition(sums.count == dimension && (index + 1) * dimension <= values.count, "a vector")
        unsafe values.withUnsafeBufferPointer { values in
            guard let values = values.baseAddress else { return }
            unsafe weir_accumulate(values + index * dimension, weight, dimension, &sums)
        }
    }

    /// The squared distance of a vector to a codeword; `difference` is room for one vector.
    fileprivate func squaredDistance(
        of index: Int, to codeword: [Float], difference: inout [Float]
    ) -> Double {
        precondition(codeword.count == dimension && difference.count == dimension, "a codeword")
        precondition((index + 1) * dimension <= values.count, "a vector")
        return unsafe values.withUnsafeBufferPointer { values in
            guard let values = values.baseAddress else { return 0 }
            let half = unsafe weir_subtract(
                values + index * dimension, codeword, dimension, &difference)
            return 2 * Double(half)
        }
    }
}
