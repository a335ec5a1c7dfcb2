/// Working memory of a quantizer's `encode`; made by its `makeScratch`.
public struct QuantizerScratch: Sendable {
    /// Whose scratch this is: sizes and products are those of one quantizer and its copies.
    let owner: ProductTableCache

    /// What searches look up.
    let products: ProductTables

    // The hypotheses of a beam search, vectors × width, now and after the next stage: what is left to quantize, half its
    // squared norm, what they cost, and the codes so far. With products, residuals are the vectors themselves.
    var residuals: [Float]
    var nextResiduals: [Float]
    var halfNorms: [Float]
    var costs: [Float]
    var nextCosts: [Float]
    var paths: [UInt16]
    var nextPaths: [UInt16]

    // What one stage chose, and the scores and costs that it chose from.
    var parents: [UInt16]
    var indices: [UInt16]
    var scores: [Float]
    var sums: [Float]

    /// Memory for a number of vectors at once, fewer of them without products.
    init(
        owner: ProductTableCache, products: ProductTables, vectors: Int, vectorsWithoutProducts: Int,
        beamWidth: Int, stages: Int,
        dimension: Int, largestPaddedSize: Int
    ) {
        self.owner = owner
        self.products = products
        let hypotheses = vectors * beamWidth
        let residualCount = max(vectors, vectorsWithoutProducts * beamWidth)
        // Each its own array: one that is shared would be copied, and so allocated, by the first write to it.
        residuals = Array(repeating: 0, count: residualCount * dimension)
        nextResiduals = Array(repeating: 0, count: residualCount * dimension)
        halfNorms = Array(repeating: 0, count: residualCount)
        costs = Array(repeating: 0, count: hypotheses)
        nextCosts = Array(repeating: 0, count: hypotheses)
        paths = Array(repeating: 0, count: hypotheses * stages)
        nextPaths = Array(repeating: 0, count: hypotheses * stages)
        parents = Array(repeating: 0, count: hypotheses)
        indices = Array(repeating: 0, count: hypotheses)
        scores = Array(repeating: 0, count: residualCount * largestPaddedSize)
        sums = Array(repeating: 0, count: beamWidth * largestPaddedSize)
    }
}
