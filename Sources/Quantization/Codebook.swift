/// A codebook: `size` codewords of `dimension` values.
public struct Codebook: Sendable, Equatable {
    /// The most codewords: codes are 16-bit.
    public static let maximumSize = 1 << 16

    /// Number of codewords, 1...65,536.
    public let size: Int

    /// Values of a codeword, at least 1.
    public let dimension: Int

    /// The codewords one after the other, `size × dimension` values.
    public let codewords: [Float]

    /// Creates a codebook from `size × dimension` values. Traps on any other count.
    public init(codewords: [Float], size: Int, dimension: Int) {
        precondition(1...Self.maximumSize ~= size, "a codebook has 1...65536 codewords")
        precondition(1...FrameShape.maximumDimension ~= dimension, "a codeword has at least one value")
        precondition(codewords.count == size * dimension, "a codebook has size × dimension values")
        self.size = size
        self.dimension = dimension
        self.codewords = codewords
    }

    /// The values of one codeword.
    public subscript(index: Int) -> ArraySlice<Float> {
        codewords[index * dimension..<(index + 1) * dimension]
    }
}
