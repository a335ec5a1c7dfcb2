import Quantization
import Testing
import Training

@Suite struct DKMTests {
    @Test(arguments: [UInt64(1), 2, 3], [8, 32]) func isNearDedicatedCodebooks(seed: UInt64, size: Int) throws
    {
        var mixture = Mixture(seed: seed)
        let train = mixture.vectors(6_000)
        let test = mixture.vectors(2_000)
        let base = try KMeans(size: 128, seed: seed).train(train, dimension: 16).codebook
        let weights = usage(train, base)
        let adapted = DKM().adapt(WardTree(base, weights: weights), weights: weights, size: size)
        let dedicated = try KMeans(size: size, seed: seed).train(train, dimension: 16).codebook
        var generator = SeededGenerator(seed: seed)
        let subset = (0..<128).shuffled(using: &generator).prefix(size).flatMap { base[$0] }
        let random = Codebook(codewords: Array(subset), size: size, dimension: 16)
        let error = distortion(test, adapted)
        #expect(error < distortion(test, random), "seed \(seed)")
        // 0.4 dB.
        #expect(error < 1.10 * distortion(test, dedicated), "seed \(seed)")
    }

    @Test func doesNotDependOnTheScale() {
        var mixture = Mixture(seed: 9)
        let values = mixture.vectors(64)
        let weights = (0..<64).map { Double(1 + $0 % 5) }
        let codebooks = [Float(1), 1024].map { scale in
            let base = Codebook(codewords: values.map { $0 * scale }, size: 64, dimension: 16)
            return DKM().adapt(WardTree(base, weights: weights), weights: weights, size: 8)
        }
        for (small, large) in zip(codebooks[0].codewords, codebooks[1].codewords) {
            #expect(abs(small - large / 1024) < 1e-3)
        }
    }

    @Test func takesCodewordsThatAreAllEqual() {
        let base = Codebook(codewords: Array(repeating: 2, count: 16), size: 16, dimension: 1)
        let weights = Array(repeating: 1.0, count: 16)
        let adapted = DKM().adapt(WardTree(base, weights: weights), weights: weights, size: 4)
        #expect(adapted.codewords == [2, 2, 2, 2])
    }

    private func usage(_ vectors: [Float], _ codebook: Codebook) -> [Double] {
        let packed = PackedCodebook(codebook)
        let count = vectors.count / codebook.dimension
        var indices: [UInt16] = Array(repeating: 0, count: count)
        var scores: [Float] = Array(repeating: 0, count: count)
        var indexSpan = indices.mutableSpan
        var scoreSpan = scores.mutableSpan
        packed.findNearest(vectors.span, indices: &indexSpan, scores: &scoreSpan)
        var weights = Array(repeating: 0.0, count: codebook.size)
        for index in indices { weights[Int(index)] += 1 }
        return weights
    }
}
