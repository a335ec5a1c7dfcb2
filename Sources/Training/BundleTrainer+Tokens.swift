import Bundles
import Quantization

extension BundleTrainer {
    /// The most frames that the choice is made on, for each base codeword: more hardly move a codebook.
    private static let framesPerCodeword = 64

    /// Own codebooks make a bundle larger by the number of tokens; they are worth it where they leave at least this
    /// share less error.
    private static let leastGain = 0.05

    /// Errors that differ by less than this share of the vectors' squared norms are float32 rounding.
    private static let noise = 1e-6

    /// The number of token groups to train with.
    ///
    /// The automatic choice trains one stage both ways on the first four fifths of the frames and compares the errors on
    /// the last fifth, which neither has seen.
    /// - Complexity: O(training one stage twice)
    func tokenGroups(_ normalized: [Float], shape: FrameShape) throws(TrainingError) -> Int {
        let frames = normalized.count / shape.dimension
        switch tokenCodebooks {
        case .shared: return 1
        case .own:
            guard frames >= base else { throw .tooFewVectors(vectors: frames, codewords: base) }
            guard canHoldOwn(shape) else {
                throw .tooManyOwnTokens(tokens: shape.tokens, stages: stages)
            }
            return shape.tokens
        case .automatic:
            let training = frames * 4 / 5
            guard shape.tokens > 1, canHoldOwn(shape), training >= base, frames > training else { return 1 }
            let seen = Array(normalized[..<(training * shape.dimension)])
            let heldOut = Array(normalized[(training * shape.dimension)...])
            let shared = try heldOutError(of: heldOut, trainedOn: seen, shape: shape, groups: 1)
            let own = try heldOutError(of: heldOut, trainedOn: seen, shape: shape, groups: shape.tokens)
            let energy = heldOut.reduce(0) { $0 + Double($1) * Double($1) }
            return shared - own > max(Self.leastGain * shared, Self.noise * energy) ? shape.tokens : 1
        }
    }

    /// Whether a bundle may have tables for each token, at as many rungs as a ladder may have.
    private func canHoldOwn(_ shape: FrameShape) -> Bool {
        shape.tokens * stages * Ladder.maximumRungs <= Bundle.maximumTables
    }

    /// The squared error of frames with one stage that was trained on others.
    private func heldOutError(
        of heldOut: [Float], trainedOn seen: [Float], shape: FrameShape, groups: Int
    ) throws(TrainingError) -> Double {
        let dimension = shape.tokenDimension
        var total = 0.0
        for (vectors, others) in zip(
            shape.vectors(of: heldOut, groups: groups), shape.vectors(of: seen, groups: groups))
        {
            let sample = others.evenlySpread(
                atMost: base * Self.framesPerCodeword, dimension: dimension)
            let kMeans = KMeans(size: base, seed: seed, workers: workers)
            let codebook = PackedCodebook(try kMeans.train(sample, dimension: dimension).codebook)
            var indices: [UInt16] = Array(repeating: 0, count: vectors.count / dimension)
            var scores: [Float] = Array(repeating: 0, count: indices.count)
            var indexSpan = indices.mutableSpan
            var scoreSpan = scores.mutableSpan
            codebook.findNearest(vectors.span, indices: &indexSpan, scores: &scoreSpan)
            total += vectors.reduce(0) { $0 + Double($1) * Double($1) }
            total += scores.reduce(0) { $0 + 2 * Double($1) }
        }
        return total
    }
}
