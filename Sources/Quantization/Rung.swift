#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One operating point of a ladder.
public struct Rung: Sendable, Equatable {
    /// Codebook size of each used stage, first stage first. Later stages are dropped.
    public let sizes: [Int]

    /// Expected entropy-coded bits of a frame, headers excluded.
    public let codedBitsPerFrame: Double

    /// Expected mean squared error per dimension, in the stream's own units squared.
    public let mse: Double

    /// Creates a rung. Traps without a stage, with more than 16, or with a size outside 1...65,536.
    public init(sizes: [Int], codedBitsPerFrame: Double, mse: Double) {
        precondition(
            1...ResidualQuantizer.maximumStages ~= sizes.count, "a rung uses 1...16 stages")
        precondition(
            sizes.allSatisfy { 1...Codebook.maximumSize ~= $0 }, "a rung's codebook sizes are 1...65536")
        self.sizes = sizes
        self.codedBitsPerFrame = codedBitsPerFrame
        self.mse = mse
    }

    /// Bits of a frame of `tokens` tokens without entropy coding: the sum of log2 of the sizes.
    public func nominalBits(tokens: Int) -> Double {
        Double(tokens) * sizes.reduce(0) { $0 + log2(Double($1)) }
    }
}
