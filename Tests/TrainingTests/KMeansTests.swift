import Quantization
import Testing
import Training

@Suite struct KMeansTests {
    @Test(arguments: [UInt64(1), 2, 3]) func threadsDoNotChangeTheCodebook(seed: UInt64) throws {
        var mixture = Mixture(seed: seed)
        let vectors = mixture.vectors(5_000)
        let codebooks = try [1, 2, 3].map { threads in
            try KMeans(size: 48, seed: seed, workers: Workers(count: threads))
                .train(vectors, dimension: 16).codebook
        }
        #expect(codebooks[0] == codebooks[1] && codebooks[0] == codebooks[2], "seed \(seed)")
    }

    @Test(arguments: [UInt64(1), 2, 3]) func findsMostOfWhatManyRandomStartsFind(seed: UInt64) throws {
        var mixture = Mixture(centres: 12, dimension: 4, seed: seed)
        let vectors = mixture.vectors(1_000)
        let result = try KMeans(size: 12, seed: seed).train(vectors, dimension: 4)
        #expect(
            abs(distortion(vectors, result.codebook) / result.meanSquaredError - 1) < 1e-2, "seed \(seed)")
        var best = Double.infinity
        for start in 0..<8 {
            best = min(best, slowLloyd(vectors, dimension: 4, size: 12, first: start))
        }
        #expect(result.meanSquaredError < 1.1 * best, "seed \(seed)")
    }

    @Test func weighsLikeRepetition() throws {
        var mixture = Mixture(centres: 5, dimension: 3, seed: 4)
        let vectors = mixture.vectors(60)
        let weights = (0..<60).map { Float($0 % 3 + 1) }
        var repeated: [Float] = []
        for index in 0..<60 {
            for _ in 0...index % 3 { repeated += vectors[index * 3..<index * 3 + 3] }
        }
        // With one codeword there is one answer: the weighted mean.
        let weighted = try KMeans(size: 1).train(vectors, dimension: 3, weights: weights).codebook
        let plain = try KMeans(size: 1).train(repeated, dimension: 3).codebook
        for (first, second) in zip(weighted.codewords, plain.codewords) {
            #expect(abs(first - second) < 1e-5)
        }
    }

    @Test func leavesNoCodewordUnusedWhereVectorsDiffer() throws {
        // Most vectors are equal and a few are far away: seeds and iterations leave clusters empty.
        let vectors = Array(repeating: Float(0), count: 900) + (1...100).map { Float($0) * Float($0) }
        let result = try KMeans(size: 80).train(vectors, dimension: 1)
        #expect(result.unusedCodewords == 0)
        #expect(Set(result.codebook.codewords).count == 80)
    }

    @Test func countsCodewordsWithoutVectors() throws {
        let vectors: [Float] = Array(repeating: [1, 2], count: 20).flatMap { $0 } + [5, 5]
        let result = try KMeans(size: 8).train(vectors, dimension: 2)
        #expect(result.meanSquaredError == 0)
        #expect(result.unusedCodewords == 6)
        #expect(distortion(vectors, result.codebook) == 0)
    }

    @Test func doesNotCountCodewordsThatRepairGaveVectors() throws {
        // So near to each other that seeding takes them as equal and chooses the first ones, which are.
        let vectors = Array(repeating: Float(1000), count: 10) + (1...30).map { 1000 + 0.01 * Float($0) }
        for size in [4, 8] {
            var kMeans = KMeans(size: size, seed: 2)
            kMeans.iterations = 1
            let result = try kMeans.train(vectors, dimension: 1)
            var used: [UInt16] = Array(repeating: 0, count: vectors.count)
            var scores: [Float] = Array(repeating: 0, count: vectors.count)
            var usedSpan = used.mutableSpan
            var scoreSpan = scores.mutableSpan
            PackedCodebook(result.codebook).findNearest(
                vectors.span, indices: &usedSpan, scores: &scoreSpan)
            #expect(result.unusedCodewords == size - Set(used).count)
        }
    }

    @Test func takesOneVector() throws {
        let result = try KMeans(size: 1).train([7], dimension: 1)
        #expect(result.codebook.codewords == [7])
    }

    @Test func refusesMoreCodewordsThanVectors() {
        #expect(throws: TrainingError.tooFewVectors(vectors: 3, codewords: 4)) {
            try KMeans(size: 4).train([1, 2, 3], dimension: 1)
        }
    }

    /// Lloyd's iterations from evenly spaced vectors; returns the final error.
    private func slowLloyd(_ vectors: [Float], dimension: Int, size: Int, first: Int) -> Double {
        let count = vectors.count / dimension
        var codewords = (0..<size).flatMap { index in
            let vector = (first * 37 + index * count / size) % count
            return vectors[vector * dimension..<(vector + 1) * dimension]
        }
        for _ in 0..<20 {
            var sums = Array(repeating: Float(0), count: codewords.count)
            var counts = Array(repeating: Float(0), count: size)
            for vector in 0..<count {
                let distances = (0..<size).map { codeword in
                    (0..<dimension).reduce(Float(0)) { sum, index in
                        let difference =
                            vectors[vector * dimension + index] - codewords[codeword * dimension + index]
                        return sum + difference * difference
                    }
                }
                let nearest = (0..<size).min { distances[$0] < distances[$1] }
                guard let nearest else { continue }
                counts[nearest] += 1
                for index in 0..<dimension {
                    sums[nearest * dimension + index] += vectors[vector * dimension + index]
                }
            }
            for index in codewords.indices where counts[index / dimension] > 0 {
                codewords[index] = sums[index] / counts[index / dimension]
            }
        }
        return distortion(vectors, Codebook(codewords: codewords, size: size, dimension: dimension))
    }
}
