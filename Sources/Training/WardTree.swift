public import Quantization

/// The merge tree of weighted points by Ward's criterion: every smaller size at once.
///
/// Merging clusters of weights a and b costs ab/(a+b) · ‖difference of their means‖², the distortion that it adds.
public struct WardTree: Sendable {
    /// What was merged.
    public let points: WeightedCodebook

    /// Weight of each point, with a trace where it has none.
    private let weights: [Double]

    /// Pairs of points whose clusters merge, cheapest merge first.
    private let merges: [(first: Int, second: Int)]

    /// Builds the tree by chains of nearest neighbours, which gives the same tree as always merging the
    /// cheapest pair, since a merge never makes a cluster nearer to a third one.
    ///
    /// - Complexity: O(size² × dimension)
    public init(_ points: WeightedCodebook) {
        self.points = points
        // Points without weight would merge at no cost in any order; a trace of it makes the order sensible.
        let total = points.weights.reduce(0, +)
        let trace = total > 0 ? total * 1e-9 : 1
        weights = points.weights.map { max($0, trace) }
        var chain = MergeChain(points.codebook, weights: weights)
        merges = chain.mergeAll()
    }

    /// For each point the index of its cluster when `size` clusters are left; clusters are numbered in the
    /// order of their lowest point. Traps unless size is 1...the number of points.
    ///
    /// Maps are nested: points that are together at a size are together at each smaller one.
    public func map(size: Int) -> [Int] {
        let count = points.codebook.size
        precondition(1...count ~= size, "a cut has 1...size clusters")
        var parents = Array(0..<count)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index {
                parents[index] = parents[parents[index]]
                index = parents[index]
            }
            return index
        }
        for merge in merges.prefix(count - size) {
            let (first, second) = (root(merge.first), root(merge.second))
            parents[max(first, second)] = min(first, second)
        }
        var numbers: [Int: Int] = [:]
        return (0..<count).map { point in
            let root = root(point)
            let number = numbers[root] ?? numbers.count
            numbers[root] = number
            return number
        }
    }

    /// The weighted means of the clusters when `size` are left. Traps unless size is 1...the number of points.
    public func cut(size: Int) -> Codebook {
        let map = map(size: size)
        let codebook = points.codebook
        let dimension = codebook.dimension
        var sums: [Double] = Array(repeating: 0, count: size * dimension)
        var totals: [Double] = Array(repeating: 0, count: size)
        for (point, cluster) in map.enumerated() {
            totals[cluster] += weights[point]
            for index in 0..<dimension {
                sums[cluster * dimension + index] +=
                    weights[point] * Double(codebook.codewords[point * dimension + index])
            }
        }
        let means = sums.indices.map { Float(sums[$0] / totals[$0 / dimension]) }
        return Codebook(codewords: means, size: size, dimension: dimension)
    }
}
