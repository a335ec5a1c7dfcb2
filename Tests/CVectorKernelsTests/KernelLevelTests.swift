import CVectorKernels
import Testing
import TestSupport

/// The levels that this CPU supports.
private let levels = (0..<Int32(WEIR_LEVEL_COUNT)).filter { unsafe weir_kernels_at($0) != nil }

/// A codebook's size and dimension, and how many vectors to run through it.
struct KernelCase: Sendable, CustomTestStringConvertible {
    let size: Int
    let dimension: Int
    let count: Int
    var testDescription: String { "\(size)×\(dimension), \(count) vectors" }

    /// Tails of groups, single values and codewords, every block of rows, chunks of a large codebook.
    static let all: [KernelCase] = [
        KernelCase(size: 1, dimension: 1, count: 1), KernelCase(size: 2, dimension: 1, count: 7),
        KernelCase(size: 15, dimension: 3, count: 2), KernelCase(size: 16, dimension: 4, count: 3),
        KernelCase(size: 17, dimension: 5, count: 4), KernelCase(size: 33, dimension: 16, count: 5),
        KernelCase(size: 100, dimension: 17, count: 6), KernelCase(size: 256, dimension: 64, count: 11),
        KernelCase(size: 256, dimension: 24, count: 101), KernelCase(size: 700, dimension: 31, count: 49),
        KernelCase(size: 4096, dimension: 8, count: 13), KernelCase(size: 5, dimension: 4096, count: 8),
        KernelCase(size: 65536, dimension: 1, count: 2),
    ]
}

/// The rule, one operation after the other.
private func referenceScore(
    _ vector: ArraySlice<Float>, _ codeword: ArraySlice<Float>, bias: Float
) -> Float {
    var score = bias
    for (x, c) in zip(vector, codeword) { score.addProduct(-x, c) }
    return score
}

@Suite struct KernelLevelTests {
    @Test func scalarIsAlwaysThere() {
        #expect(levels.contains(Int32(WEIR_LEVEL_SCALAR)))
        #expect(levels.contains(weir_kernels_level()))
    }

    @Test func unsupportedLevelsAreRefused() {
        let before = weir_kernels_level()
        for level in Int32(-1)...Int32(WEIR_LEVEL_COUNT) where !levels.contains(level) {
            #expect(!weir_kernels_select(level))
        }
        #expect(weir_kernels_level() == before)
    }

    /// On a grid many scores tie, so that the order of equal ones is tested too.
    @Test(arguments: KernelCase.all, [false, true])
    func scoresAndNearestFollowTheRule(_ kernelCase: KernelCase, grid: Bool) throws {
        let (size, dimension, count) = (kernelCase.size, kernelCase.dimension, kernelCase.count)
        var generator = SeededGenerator(seed: 7)
        let codewords = generator.values(size * dimension, grid: grid)
        let vectors = generator.values(count * dimension, grid: grid)
        var packed = [Float](repeating: .nan, count: weir_packed_count(size, dimension))
        var halfNorms = [Float](repeating: .nan, count: weir_padded_size(size))
        unsafe weir_pack(codewords, size, dimension, &packed, &halfNorms)
        for k in 0..<size {
            var squares: Float = 0
            for value in codewords[k * dimension..<(k + 1) * dimension] { squares.addProduct(value, value) }
            #expect(halfNorms[k] == 0.5 * squares)
        }
        #expect(halfNorms[size...].allSatisfy { $0 == .infinity })
        let prices = generator.values(halfNorms.count, grid: grid)
        let biases = zip(halfNorms, prices).map { $0 + $1 }

        let expected = (0..<count).map { v in
            (0..<size).map { k in
                referenceScore(
                    vectors[v * dimension..<(v + 1) * dimension],
                    codewords[k * dimension..<(k + 1) * dimension], bias: biases[k])
            }
        }
        let padded = weir_padded_size(size)
        for level in levels {
            let kernels = try unsafe #require(weir_kernels_at(level))
            var scores = [Float](repeating: .nan, count: count * padded)
            unsafe kernels.pointee.scores(packed, biases, size, dimension, vectors, count, &scores)
            var indices = [UInt16](repeating: 0, count: count)
            var least = [Float](repeating: .nan, count: count)
            unsafe kernels.pointee.nearest(
                packed, biases, size, dimension, vectors, count, &indices, &least)
            for v in 0..<count {
                #expect(Array(scores[v * padded..<v * padded + size]) == expected[v], "level \(level)")
                #expect(scores[v * padded + size..<(v + 1) * padded].allSatisfy { $0 == .infinity })
                let best = try #require(expected[v].min())
                #expect(Int(indices[v]) == expected[v].firstIndex(of: best), "level \(level)")
                #expect(least[v] == best, "level \(level)")
            }
        }
    }

    @Test(arguments: [1, 2, 5, 32], [false, true])
    func selectionKeepsTheLeastInOrder(width: Int, grid: Bool) throws {
        for seed in UInt64(0)..<20 {
            var generator = SeededGenerator(seed: seed)
            let rows = Int.random(in: 1...8, using: &generator)
            let padded = 16 * Int.random(in: 1...20, using: &generator)
            let scores = generator.values(rows * padded, grid: grid)
            let offsets = generator.values(rows, grid: grid)
            let tableCount = Int.random(in: 0...5, using: &generator)
            let products = (0..<rows * tableCount * padded).map { _ in
                Int16(Int(generator.next() % 13) - 6)
            }
            let unit: Float = grid ? 0.25 : 0.1
            // Sorting by cost, row and codeword is the obvious way.
            let expected = (0..<rows * padded)
                .map { pair -> (cost: Float, row: Int, codeword: Int) in
                    let (row, codeword) = (pair / padded, pair % padded)
                    let sum = (0..<tableCount).reduce(0) {
                        $0 + Int(products[(row * tableCount + $1) * padded + codeword])
                    }
                    var score = scores[pair]
                    if tableCount > 0 { score.addProduct(unit, Float(sum)) }
                    return (score + offsets[row], row, codeword)
                }
                .sorted { ($0.cost, $0.row, $0.codeword) < ($1.cost, $1.row, $1.codeword) }
                .prefix(width)
            for level in levels {
                let kernels = try unsafe #require(weir_kernels_at(level))
                var costs = [Float](repeating: .nan, count: width)
                var parents = [UInt16](repeating: 0, count: width)
                var indices = [UInt16](repeating: 0, count: width)
                var sums = [Float](repeating: .nan, count: rows * padded)
                unsafe products.withUnsafeBufferPointer { products in
                    guard let base = products.baseAddress else { return }
                    let tableRows = unsafe (0..<max(1, rows * tableCount)).map { unsafe base + $0 * padded }
                    unsafe kernels.pointee.select(
                        scores, padded, tableRows, tableCount, unit, offsets, rows, padded, width, &sums,
                        &costs,
                        &parents, &indices)
                }
                let kept = expected.count
                #expect(Array(costs.prefix(kept)) == expected.map(\.cost), "seed \(seed), level \(level)")
                #expect(
                    parents.prefix(kept).map(Int.init) == expected.map(\.row), "seed \(seed), level \(level)")
                #expect(
                    indices.prefix(kept).map(Int.init) == expected.map(\.codeword),
                    "seed \(seed), level \(level)")
                #expect(costs.dropFirst(kept).allSatisfy { $0 == .infinity })
            }
        }
    }

    @Test(arguments: [1, 15, 16, 17, 64, 100, 4096])
    func subtractionSumsInSixteenChains(dimension: Int) throws {
        var generator = SeededGenerator(seed: 3)
        let minuend = generator.values(dimension)
        let subtrahend = generator.values(dimension)
        let expected = zip(minuend, subtrahend).map { $0 - $1 }
        var chains = [Float](repeating: 0, count: 16)
        for (d, value) in expected.enumerated() { chains[d % 16].addProduct(value, value) }
        while chains.count > 1 {
            let half = chains.count / 2
            chains = (0..<half).map { chains[$0] + chains[$0 + half] }
        }
        for level in levels {
            let kernels = try unsafe #require(weir_kernels_at(level))
            var difference = [Float](repeating: .nan, count: dimension)
            let half = unsafe kernels.pointee.subtract(minuend, subtrahend, dimension, &difference)
            #expect(difference == expected, "level \(level)")
            #expect(half == 0.5 * chains[0], "level \(level)")
        }
    }

    /// Producers' frames are finite, but no number may bring the kernels outside the codebook.
    @Test(arguments: [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude])
    func specialValuesGiveTheSameValidIndices(value: Float) throws {
        let (size, dimension) = (19, 6)
        var generator = SeededGenerator(seed: 11)
        var codewords = generator.values(size * dimension)
        codewords[0] = 3e38
        var vector = generator.values(dimension)
        vector[0] = value
        var packed = [Float](repeating: 0, count: weir_packed_count(size, dimension))
        var halfNorms = [Float](repeating: .nan, count: weir_padded_size(size))
        unsafe weir_pack(codewords, size, dimension, &packed, &halfNorms)
        var results: Set<UInt16> = []
        for level in levels {
            let kernels = try unsafe #require(weir_kernels_at(level))
            var index: [UInt16] = [0]
            var score: [Float] = [0]
            unsafe kernels.pointee.nearest(packed, halfNorms, size, dimension, vector, 1, &index, &score)
            results.insert(index[0])
        }
        #expect(results.count == 1)
        #expect(results.allSatisfy { $0 < size })
    }
}
