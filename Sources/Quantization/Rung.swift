#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One operating point of a ladder.
public struct Rung: Sendable, Equatable {
    /// The weights of rate that there may be.
    public static let lambdas: ClosedRange<Float> = 0...1e6

    /// Codebook size of each used stage, first stage first. Later stages are dropped.
    public let sizes: [Int]

    /// Weight of rate in the encoder's choice of codes: it minimizes, for each token, squared error in normalized
    /// units, summed over the dimensions, plus `lambda` times the bits that the rung's tables take. 0 looks at the
    /// error alone. (Entropy-constrained vector quantization: Chou, Lookabaugh, Gray 1989.)
    public let lambda: Float

    /// Expected entropy-coded bits of a frame, headers excluded.
    public let codedBitsPerFrame: Double

    /// Expected mean squared error per dimension, in the stream's own units squared.
    public let mse: Double

    /// Creates a rung. Traps without a stage, with more than 16, with a size outside 1...65,536, or with a weight
    /// outside `lambdas`.
    public init(sizes: [Int], lambda: Float = 0, codedBitsPerFrame: Double, mse: Double) {
        precondition(
            1...ResidualQuantizer.maximumStages ~= sizes.count, "a rung uses 1...16 stages")
        precondition(
            sizes.allSatisfy { 1...Codebook.maximumSize ~= $0 }, "a rung's codebook sizes are 1...65536")
        precondition(Self.lambdas ~= lambda, "a rung's weight of rate is 0...1e6")
        self.sizes = sizes
        self.lambda = lambda
        self.codedBitsPerFrame = codedBitsPerFrame
        self.mse = mse
    }

    /// Bits of a frame of `tokens` tokens without entropy coding: the sum of log2 of the sizes.
    public func nominalBits(tokens: Int) -> Double {
        Double(tokens) * sizes.reduce(0) { $0 + log2(Double($1)) }
    }
}
