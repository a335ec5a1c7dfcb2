import Quantization
import Testing
import Training

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct DKMTests {
    @Test(arguments: [UInt64(1), 2, 3])
    func `is as good as dedicated codebooks, and better than the paper's setting`(seed: UInt64) throws {
        let stage = try CalibratedStage(size: 128, seed: seed)
        let adapted = stage.adapt(.dkm, sizes: [8, 32]).adapted
        let paper = stage.adapt(.paperDKM, sizes: [8, 32]).adapted
        for size in [8, 32] {
            let codebook = try #require(adapted[size])
            let dedicated = try KMeans(size: size, seed: seed).train(stage.train, dimension: 16).codebook
            let error = distortion(stage.test, codebook)
            // 0.2 dB; single mixtures differ by which optimum each method finds.
            #expect(error < 1.047 * distortion(stage.test, dedicated), "seed \(seed), size \(size)")
            let paperError = distortion(stage.test, try #require(paper[size]))
            #expect(error < paperError, "seed \(seed), size \(size)")
        }
    }

    @Test(arguments: [UInt64(4), 5])
    func `is never worse than its start at the points`(seed: UInt64) {
        var mixture = Mixture(seed: seed)
        let points = points(mixture.vectors(64))
        let start = Codebook(codewords: mixture.vectors(8), size: 8, dimension: 16)
        let adapted = DKM().adapt(points, from: start, scale: points.codebook.nearestDistance)
        #expect(weighted(points, adapted) <= weighted(points, start), "seed \(seed)")
    }

    @Test func `does not depend on the scale`() {
        var mixture = Mixture(seed: 9)
        let values = mixture.vectors(64)
        let codebooks = [Float(1), 1024].map { scale in
            let points = points(values.map { $0 * scale })
            return DKM().adapt(
                points, from: WardTree(points).cut(size: 8), scale: points.codebook.nearestDistance)
        }
        for (small, large) in zip(codebooks[0].codewords, codebooks[1].codewords) {
            #expect(abs(small - large / 1024) < 1e-3)
        }
    }

    @Test func `takes codewords that are all equal, and points without weight`() {
        let base = Codebook(codewords: Array(repeating: 2, count: 16), size: 16, dimension: 1)
        for weight in [1.0, 0] {
            let points = WeightedCodebook(base, weights: Array(repeating: weight, count: 16))
            let start = WardTree(points).cut(size: 4)
            #expect(DKM().adapt(points, from: start, scale: 0).codewords == [2, 2, 2, 2])
            #expect(DKM().adapt(points, from: start, scale: 1).codewords == [2, 2, 2, 2])
        }
    }

    /// The paper's loop as it is written, in double precision, against the fast one.
    @Test(arguments: [UInt64(1), 2], PaperDKM.Start.allCases)
    func `the paper's setting converges to a fixed point`(seed: UInt64, start: PaperDKM.Start) throws {
        var mixture = Mixture(centres: 12, dimension: 4, seed: seed)
        let base = Codebook(codewords: mixture.vectors(48), size: 48, dimension: 4)
        var method = PaperDKM()
        method.seed = seed
        method.start = start
        method.temperature = 0.2
        method.iterations = 2_000
        let centroids = method.adapt(base, size: 6)
        #expect(method.adapt(base, size: 6) == centroids)
        var sums = Array(repeating: 0.0, count: 24)
        var masses = Array(repeating: 0.0, count: 6)
        for codeword in 0..<48 {
            let distances = (0..<6).map { centroid in
                zip(base[codeword], centroids[centroid]).reduce(0) {
                    $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
                }.squareRoot()
            }
            let least = try #require(distances.min())
            let terms = distances.map { exp((least - $0) / 0.2) }
            for centroid in 0..<6 {
                let share = terms[centroid] / terms.reduce(0, +)
                masses[centroid] += share
                for (index, value) in base[codeword].enumerated() {
                    sums[centroid * 4 + index] += share * Double(value)
                }
            }
        }
        for index in 0..<24 {
            let expected = sums[index] / masses[index / 4]
            #expect(abs(Double(centroids.codewords[index]) - expected) < 1e-3, "seed \(seed), \(start)")
        }
    }

    private func points(_ values: [Float]) -> WeightedCodebook {
        let size = values.count / 16
        return WeightedCodebook(
            Codebook(codewords: values, size: size, dimension: 16),
            weights: (0..<size).map { Double(1 + $0 % 5) })
    }

    private func weighted(_ points: WeightedCodebook, _ codebook: Codebook) -> Double {
        (0..<points.codebook.size).reduce(0) { sum, point in
            sum + points.weights[point] * distortion(Array(points.codebook[point]), codebook)
        }
    }
}

extension Codebook {
    /// Mean distance to the nearest other codeword, the slow way.
    fileprivate var nearestDistance: Double {
        (0..<size).reduce(0) { sum, index in
            let others = (0..<size).filter { $0 != index }.flatMap { self[$0] }
            let rest = Codebook(codewords: others, size: size - 1, dimension: dimension)
            return sum + distortion(Array(self[index]), rest).squareRoot() / Double(size)
        }
    }
}
