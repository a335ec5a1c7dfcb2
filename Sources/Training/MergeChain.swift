import Quantization

/// Merges weighted points pair by pair along a chain of nearest neighbours (Murtagh 1983), for a Ward tree.
///
/// Sixteen clusters are compared at once. A cost is the same, to the bit, from either side, so that costs only fall along
/// the chain, and it ends.
struct MergeChain {
    private typealias Lanes = SIMD16<Float>
    private static let laneCount = 16

    private let count: Int
    private let dimension: Int

    /// Means of the clusters, groups of 16 × dimension; a cluster is at the place of its lowest point.
    private var means: [Lanes]
    /// Share of all weight of each cluster.
    private var weights: [Lanes]
    /// 0 where there is a cluster, infinite where none is any more.
    private var penalties: [Lanes]
    /// Clusters of each group.
    private var alive: [Int]
    /// What the last merge of each cluster cost.
    private var heights: [Float]

    init(_ codebook: Codebook, weights clusterWeights: [Double]) {
        count = codebook.size
        dimension = codebook.dimension
        let groups = (count + Self.laneCount - 1) / Self.laneCount
        means = Array(repeating: Lanes(), count: groups * dimension)
        weights = Array(repeating: Lanes(repeating: 1), count: groups)
        penalties = Array(repeating: Lanes(repeating: .infinity), count: groups)
        alive = Array(repeating: 0, count: groups)
        heights = Array(repeating: 0, count: count)
        let total = clusterWeights.reduce(0, +)
        for cluster in 0..<count {
            let (group, lane) = (cluster / Self.laneCount, cluster % Self.laneCount)
            for index in 0..<dimension {
                means[group * dimension + index][lane] = codebook.codewords[cluster * dimension + index]
            }
            weights[group][lane] = Float(clusterWeights[cluster] / total)
            penalties[group][lane] = 0
            alive[group] += 1
        }
    }

    /// Merges until one cluster is left. Returns the pairs, cheapest first, a pair always after those that it builds on.
    mutating func mergeAll() -> [(first: Int, second: Int)] {
        var chain: [Int] = []
        var merges: [(first: Int, second: Int, cost: Float)] = []
        merges.reserveCapacity(count)
        var lowest = 0
        while merges.count < count - 1 {
            if chain.isEmpty {
                while !isAlive(lowest) { lowest += 1 }
                chain.append(lowest)
            }
            let top = chain[chain.count - 1]
            let previous = chain.count > 1 ? chain[chain.count - 2] : nil
            let (nearest, cost) = nearest(to: top, preferring: previous)
            // Where rounding leads back into the chain, what it leads to is merged as well: a chain must end.
            guard nearest == previous || chain.contains(nearest) else {
                chain.append(nearest)
                continue
            }
            chain.removeAll { $0 == top || $0 == nearest }
            let (kept, gone) = (min(top, nearest), max(top, nearest))
            // Rounding must not put a merge before those that it builds on.
            let height = max(cost, heights[kept], heights[gone])
            merge(gone, into: kept)
            heights[kept] = height
            merges.append((kept, gone, height))
        }
        let order = merges.indices.sorted { (merges[$0].cost, $0) < (merges[$1].cost, $1) }
        return order.map { (merges[$0].first, merges[$0].second) }
    }

    private func isAlive(_ cluster: Int) -> Bool {
        penalties[cluster / Self.laneCount][cluster % Self.laneCount] == 0
    }

    private func mean(_ cluster: Int) -> [Float] {
        let first = cluster / Self.laneCount * dimension
        return (0..<dimension).map { means[first + $0][cluster % Self.laneCount] }
    }

    /// The cluster that is cheapest to merge with another; on a tie the preferred one, so that a chain ends, then
    /// the lowest.
    private func nearest(to cluster: Int, preferring previous: Int?) -> (cluster: Int, cost: Float) {
        let values = mean(cluster)
        let (ownGroup, ownLane) = (cluster / Self.laneCount, cluster % Self.laneCount)
        let weight = weights[ownGroup][ownLane]
        var nearest = previous ?? -1
        var least = previous.map { cost(values, weight, group: $0 / 16)[$0 % 16] } ?? Float.infinity
        for group in weights.indices where alive[group] > 0 {
            var costs = cost(values, weight, group: group)
            if group == ownGroup { costs[ownLane] = .infinity }
            let minimum = costs.min()
            guard minimum < least || nearest < 0 else { continue }
            for lane in 0..<Self.laneCount where costs[lane] == minimum {
                let candidate = group * Self.laneCount + lane
                // Where no cost is finite, any other cluster will do.
                guard candidate != cluster, candidate < count, isAlive(candidate) else { continue }
                nearest = candidate
                least = minimum
                break
            }
        }
        return (nearest, least)
    }

    /// What merging a cluster with each of a group costs.
    private func cost(_ values: [Float], _ weight: Float, group: Int) -> Lanes {
        let first = group * dimension
        var squared = Lanes()
        for index in 0..<dimension {
            let difference = means[first + index] - values[index]
            squared += difference * difference
        }
        return squared * (weights[group] * weight / (weights[group] + weight)) + penalties[group]
    }

    private mutating func merge(_ gone: Int, into kept: Int) {
        let (keptGroup, keptLane) = (kept / Self.laneCount, kept % Self.laneCount)
        let (goneGroup, goneLane) = (gone / Self.laneCount, gone % Self.laneCount)
        let total = weights[keptGroup][keptLane] + weights[goneGroup][goneLane]
        let share = weights[goneGroup][goneLane] / total
        for index in 0..<dimension {
            let value = means[keptGroup * dimension + index][keptLane]
            let other = means[goneGroup * dimension + index][goneLane]
            means[keptGroup * dimension + index][keptLane] = value + share * (other - value)
        }
        weights[keptGroup][keptLane] = total
        penalties[goneGroup][goneLane] = .infinity
        alive[goneGroup] -= 1
    }
}
