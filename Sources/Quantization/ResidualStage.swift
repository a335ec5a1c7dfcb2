/// One stage of a residual quantizer: its base codebook and those of other sizes derived from it.
public struct ResidualStage: Sendable, Equatable {
    /// The codebook that the stage was trained with.
    public let base: Codebook

    /// Codebooks of other sizes, by size.
    public let adapted: [Int: Codebook]

    /// For each size below the base size that there is a codebook of, the index in it that each base index becomes
    /// where codes are made coarser without the frame.
    ///
    /// That is the nearest codeword to the base codeword; in codebooks that are cuts of a Ward tree, the cluster of the
    /// base codeword, so that maps are nested: what a size takes together, each smaller one does.
    public let maps: [Int: [UInt16]]

    /// Creates a stage.
    ///
    /// Traps where an adapted codebook has another size than its key, the base codebook's size, or another dimension, and
    /// unless maps are there for exactly the smaller sizes, of an index below the size for each base codeword.
    /// - Parameter maps: nil for the nearest codewords, found in O(base.size × dimension) for each adapted codeword.
    public init(base: Codebook, adapted: [Int: Codebook] = [:], maps: [Int: [UInt16]]? = nil) {
        for (size, codebook) in adapted {
            precondition(codebook.size == size, "adapted codebooks are kept by their size")
            precondition(size != base.size, "an adapted codebook has another size than the base codebook")
            precondition(codebook.dimension == base.dimension, "codebooks of a stage have one dimension")
        }
        self.base = base
        self.adapted = adapted
        let smaller = adapted.filter { $0.key < base.size }
        self.maps = maps ?? smaller.mapValues { Self.nearest(in: $0, to: base) }
        precondition(Set(self.maps.keys) == Set(smaller.keys), "there is a map to each smaller codebook")
        precondition(
            self.maps.allSatisfy { size, map in
                map.count == base.size && map.allSatisfy { Int($0) < size }
            }, "a map has an index of its codebook for each base codeword")
    }

    private static func nearest(in codebook: Codebook, to base: Codebook) -> [UInt16] {
        var indices: [UInt16] = Array(repeating: 0, count: base.size)
        var scores: [Float] = Array(repeating: 0, count: base.size)
        var indexSpan = indices.mutableSpan
        var scoreSpan = scores.mutableSpan
        PackedCodebook(codebook).findNearest(
            base.codewords.span, indices: &indexSpan, scores: &scoreSpan)
        return indices
    }

    /// The sizes that there are codebooks of, ascending.
    public var sizes: [Int] { (adapted.keys + [base.size]).sorted() }

    /// The codebook of a size, or nil where the stage has none.
    public func codebook(size: Int) -> Codebook? {
        size == base.size ? base : adapted[size]
    }
}
