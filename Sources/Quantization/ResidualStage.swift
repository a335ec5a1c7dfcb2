/// One stage of a residual quantizer: its base codebook and those of other sizes derived from it.
public struct ResidualStage: Sendable, Equatable {
    /// The codebook that the stage was trained with.
    public let base: Codebook

    /// Codebooks of other sizes, by size.
    public let adapted: [Int: Codebook]

    /// Creates a stage. Traps where an adapted codebook has another size than its key, the base codebook's
    /// size, or another dimension.
    public init(base: Codebook, adapted: [Int: Codebook] = [:]) {
        for (size, codebook) in adapted {
            precondition(codebook.size == size, "adapted codebooks are kept by their size")
            precondition(size != base.size, "an adapted codebook has another size than the base codebook")
            precondition(codebook.dimension == base.dimension, "codebooks of a stage have one dimension")
        }
        self.base = base
        self.adapted = adapted
    }

    /// The sizes that there are codebooks of, ascending.
    public var sizes: [Int] { (adapted.keys + [base.size]).sorted() }

    /// The codebook of a size, or nil where the stage has none.
    public func codebook(size: Int) -> Codebook? {
        size == base.size ? base : adapted[size]
    }
}
