import Quantization
import Training

/// Seeded synthetic vectors: points around centres, with a spread of a third of the centres' distance.
struct Mixture {
    let dimension: Int
    private var generator: SeededGenerator
    private let centres: [[Float]]

    init(centres: Int = 60, dimension: Int = 16, seed: UInt64) {
        self.dimension = dimension
        var generator = SeededGenerator(seed: seed)
        self.centres = (0..<centres).map { _ in (0..<dimension).map { _ in Mixture.normal(&generator) } }
        self.generator = generator
    }

    /// `count` vectors one after the other.
    mutating func vectors(_ count: Int) -> [Float] {
        (0..<count).flatMap { _ in
            // Squaring makes some centres much more frequent than others.
            let draw = generator.nextUnit()
            let centre = centres[Int(draw * draw * Double(centres.count))]
            return centre.map { $0 + 0.35 * Mixture.normal(&generator) }
        }
    }

    /// Frames of one token.
    mutating func frames(_ count: Int, tokens: Int = 1) throws -> FrameSet {
        try FrameSet(
            shape: FrameShape(tokens: tokens, tokenDimension: dimension / tokens), values: vectors(count))
    }

    /// About normal: the sum of twelve uniform numbers has variance 1.
    private static func normal(_ generator: inout SeededGenerator) -> Float {
        Float((0..<12).reduce(-6.0) { sum, _ in sum + generator.nextUnit() })
    }
}

/// Mean over vectors of the squared distance to the nearest codeword, the slow way.
func distortion(_ vectors: [Float], _ codebook: Codebook) -> Double {
    let dimension = codebook.dimension
    var total = 0.0
    for first in stride(from: 0, to: vectors.count, by: dimension) {
        total +=
            (0..<codebook.size).map { codeword in
                (0..<dimension).reduce(0.0) { sum, index in
                    let difference = Double(
                        vectors[first + index] - codebook.codewords[codeword * dimension + index])
                    return sum + difference * difference
                }
            }.min() ?? 0
    }
    return total / Double(vectors.count / dimension)
}
