import Quantization
import Testing
import Training

@Suite struct WardTreeTests {
    @Test(arguments: [UInt64(1), 2, 3, 4]) func mergesTheCheapestPairEachTime(seed: UInt64) {
        var mixture = Mixture(centres: 6, dimension: 3, seed: seed)
        var generator = SeededGenerator(seed: seed)
        let codebook = Codebook(codewords: mixture.vectors(24), size: 24, dimension: 3)
        let weights = (0..<24).map { _ in 1 + generator.nextUnit() * 9 }
        let tree = WardTree(WeightedCodebook(codebook, weights: weights))
        for size in 1...24 {
            #expect(
                tree.map(size: size) == slowMap(codebook, weights, size: size), "seed \(seed), size \(size)")
        }
    }

    @Test func cutsAreNestedAndOfEverySize() {
        var mixture = Mixture(seed: 5)
        let codebook = Codebook(codewords: mixture.vectors(64), size: 64, dimension: 16)
        let tree = WardTree(WeightedCodebook(codebook, weights: (0..<64).map { Double($0 % 7) }))
        for size in 1...64 {
            let map = tree.map(size: size)
            #expect(Set(map) == Set(0..<size))
            #expect(tree.cut(size: size).size == size)
            guard size > 1 else { continue }
            let coarser = tree.map(size: size - 1)
            // What is together stays together.
            let pairs = Set(zip(map, coarser).map { [$0, $1] })
            #expect(pairs.count == size)
        }
    }

    @Test func takesEqualCodewordsAndNoUse() {
        let codebook = Codebook(codewords: Array(repeating: 3, count: 8), size: 8, dimension: 1)
        let cut = WardTree(WeightedCodebook(codebook, weights: Array(repeating: 0, count: 8))).cut(size: 3)
        #expect(cut.codewords == [3, 3, 3])
    }

    /// Merges the cheapest pair of clusters until `size` are left, the slow way.
    private func slowMap(_ codebook: Codebook, _ weights: [Double], size: Int) -> [Int] {
        var clusters = (0..<codebook.size).map { [$0] }
        func mean(_ cluster: [Int]) -> (weight: Double, values: [Double]) {
            let weight = cluster.reduce(0) { $0 + weights[$1] }
            let values = (0..<codebook.dimension).map { index in
                cluster.reduce(0) {
                    $0 + weights[$1] * Double(codebook.codewords[$1 * codebook.dimension + index])
                } / weight
            }
            return (weight, values)
        }
        while clusters.count > size {
            var best = (cost: Double.infinity, first: 0, second: 0)
            for first in clusters.indices {
                for second in clusters.indices where second > first {
                    let (a, b) = (mean(clusters[first]), mean(clusters[second]))
                    let squared = zip(a.values, b.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                    let cost = squared * a.weight * b.weight / (a.weight + b.weight)
                    if cost < best.cost { best = (cost, first, second) }
                }
            }
            clusters[best.first] += clusters.remove(at: best.second)
        }
        let ordered = clusters.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }
        return (0..<codebook.size).map { codeword in
            ordered.firstIndex { $0.contains(codeword) } ?? -1
        }
    }
}
