public import Quantization

/// The merge tree of a codebook's codewords by Ward's criterion, weighted by use: every smaller size at once.
///
/// Merging clusters of weights a and b costs ab/(a+b) · ‖difference of their means‖², the distortion that it adds.
public struct WardTree: Sendable {
    /// The codebook that was merged.
    public let codebook: Codebook

    /// Weight of each codeword.
    private let weights: [Double]

    /// Pairs of codewords whose clusters merge, cheapest merge first.
    private let merges: [(first: Int, second: Int)]

    /// Mean over the codewords of the distance to the nearest other codeword; 0 where there is no other.
    let meanNearestDistance: Double

    /// Builds the tree by chains of nearest neighbours, which gives the same tree as always merging the
    /// cheapest pair, since a merge never makes a cluster nearer to a third one.
    ///
    /// Traps unless there is a weight that is not negative for each codeword.
    /// - Complexity: O(size² × dimension)
    public init(_ codebook: Codebook, weights: [Double]) {
        precondition(weights.count == codebook.size, "a weight for each codeword")
        precondition(weights.allSatisfy { $0 >= 0 && $0.isFinite }, "weights are not negative")
        self.codebook = codebook
        // Codewords without use would merge at no cost in any order; a trace of weight makes the order sensible.
        let trace = max(weights.reduce(0, +), 1) * 1e-9
        self.weights = weights.map { max($0, trace) }
        merges = Self.mergeAll(codebook, self.weights)
        meanNearestDistance = codebook.meanNearestDistance
    }

    /// For each codeword the index of its cluster when `size` clusters are left; clusters are numbered in the
    /// order of their lowest codeword. Traps unless size is 1...codebook.size.
    public func map(size: Int) -> [Int] {
        precondition(1...codebook.size ~= size, "a cut has 1...size clusters")
        var parents = Array(0..<codebook.size)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index { index = parents[index] }
            return index
        }
        for merge in merges.prefix(codebook.size - size) {
            let (first, second) = (root(merge.first), root(merge.second))
            parents[max(first, second)] = min(first, second)
        }
        var numbers: [Int: Int] = [:]
        return (0..<codebook.size).map { codeword in
            let root = root(codeword)
            let number = numbers[root] ?? numbers.count
            numbers[root] = number
            return number
        }
    }

    /// The weighted means of the clusters when `size` are left. Traps unless size is 1...codebook.size.
    public func cut(size: Int) -> Codebook {
        let map = map(size: size)
        let dimension = codebook.dimension
        var sums: [Double] = Array(repeating: 0, count: size * dimension)
        var totals: [Double] = Array(repeating: 0, count: size)
        for (codeword, cluster) in map.enumerated() {
            totals[cluster] += weights[codeword]
            for (index, value) in codebook[codeword].enumerated() {
                sums[cluster * dimension + index] += weights[codeword] * Double(value)
            }
        }
        let means = sums.indices.map { Float(sums[$0] / totals[$0 / dimension]) }
        return Codebook(codewords: means, size: size, dimension: dimension)
    }

    private static func mergeAll(_ codebook: Codebook, _ weights: [Double]) -> [(first: Int, second: Int)] {
        let dimension = codebook.dimension
        var means = codebook.codewords.map(Double.init)
        var weights = weights
        var heights: [Double] = Array(repeating: 0, count: codebook.size)
        var active = Array(0..<codebook.size)
        var chain: [Int] = []
        var merges: [(first: Int, second: Int, cost: Double)] = []

        func cost(_ first: Int, _ second: Int) -> Double {
            var squared = 0.0
            for index in 0..<dimension {
                let difference = means[first * dimension + index] - means[second * dimension + index]
                squared += difference * difference
            }
            return squared * weights[first] * weights[second] / (weights[first] + weights[second])
        }

        while active.count > 1 {
            let top = chain.last ?? active[0]
            if chain.isEmpty { chain.append(top) }
            let previous = chain.dropLast().last
            // On a tie the previous one wins, so that a chain ends.
            var nearest = previous
            var least = previous.map { cost(top, $0) } ?? .infinity
            for other in active where other != top && other != previous {
                let cost = cost(top, other)
                if cost < least || nearest == nil {
                    nearest = other
                    least = cost
                }
            }
            guard let nearest else { break }
            guard nearest == previous else {
                chain.append(nearest)
                continue
            }
            chain.removeLast(2)
            let (kept, gone) = (min(top, nearest), max(top, nearest))
            let total = weights[kept] + weights[gone]
            for index in 0..<dimension {
                let sum =
                    weights[kept] * means[kept * dimension + index]
                    + weights[gone] * means[gone * dimension + index]
                means[kept * dimension + index] = sum / total
            }
            weights[kept] = total
            // Rounding must not put a merge before those that it builds on.
            heights[kept] = max(least, heights[kept], heights[gone])
            merges.append((kept, gone, heights[kept]))
            active.removeAll { $0 == gone }
        }
        let order = merges.indices.sorted { (merges[$0].cost, $0) < (merges[$1].cost, $1) }
        return order.map { (merges[$0].first, merges[$0].second) }
    }
}
