/// Working memory of a quantizer's `encode`; made by its `makeScratch`.
public struct QuantizerScratch: Sendable {
    // The hypotheses of a beam search, vectors × width, now and after the next stage: what is left to
    // quantize, half its squared norm, what it costs, and the codes so far.
    var residuals: [Float]
    var nextResiduals: [Float]
    var halfNorms: [Float]
    var costs: [Float]
    var nextCosts: [Float]
    var paths: [UInt16]
    var nextPaths: [UInt16]

    // What one stage chose, and the scores that it chose from.
    var parents: [UInt16]
    var indices: [UInt16]
    var scores: [Float]

    /// Memory for `vectors` vectors at once.
    init(vectors: Int, beamWidth: Int, stages: Int, dimension: Int, largestPaddedSize: Int) {
        let hypotheses = vectors * beamWidth
        residuals = Array(repeating: 0, count: hypotheses * dimension)
        nextResiduals = residuals
        halfNorms = Array(repeating: 0, count: hypotheses)
        costs = halfNorms
        nextCosts = halfNorms
        paths = Array(repeating: 0, count: hypotheses * stages)
        nextPaths = paths
        parents = Array(repeating: 0, count: hypotheses)
        indices = parents
        scores = Array(repeating: 0, count: hypotheses * largestPaddedSize)
    }
}
