internal import CVectorKernels
internal import EntropyCoding

/// A codebook laid out for the nearest-codeword kernels.
///
/// Lanes hold different codewords and the score of a codeword is one chain of fused multiply-adds over the
/// dimensions in order, so that the result is the same, to the bit, on every instruction set.
public struct PackedCodebook: Sendable {
    /// The codebook.
    public let codebook: Codebook

    /// The codewords in groups of 16, interleaved, as the kernels take them.
    public let packed: [Float]

    /// Half of the squared norm of each codeword, infinite for the padding.
    public let halfNorms: [Float]

    /// What each codeword's score starts from: its half norm, and half of its weighted bits where rate has a weight.
    private(set) var biases: [Float]

    /// Number of codewords.
    public var size: Int { codebook.size }

    /// Values of a codeword.
    public var dimension: Int { codebook.dimension }

    /// Size rounded up to whole groups of 16.
    var paddedSize: Int { weir_padded_size(codebook.size) }

    /// Lays out a codebook.
    ///
    /// - Complexity: O(size × dimension)
    public init(_ codebook: Codebook) {
        self.codebook = codebook
        var values: [Float] = Array(
            repeating: 0, count: weir_packed_count(codebook.size, codebook.dimension))
        var norms: [Float] = Array(repeating: 0, count: weir_padded_size(codebook.size))
        unsafe weir_pack(codebook.codewords, codebook.size, codebook.dimension, &values, &norms)
        packed = values
        halfNorms = norms
        biases = norms
    }

    /// The same codebook for an encoder that minimizes ‖x − c‖² + lambda · bits, with the bits of a table. The laid out
    /// codewords are shared.
    func weighing(lambda: Float, by table: FrequencyTable) -> PackedCodebook {
        guard lambda > 0 else { return self }
        var weighing = self
        for codeword in 0..<size { weighing.biases[codeword] += lambda / 2 * table.bits(codeword) }
        return weighing
    }

    /// Finds the nearest codeword of each vector, the lowest index on ties.
    ///
    /// - Parameters:
    ///   - vectors: Vectors one after the other, `dimension` values each.
    ///   - indices: Index of the nearest codeword of each vector.
    ///   - scores: For each vector x and its codeword c, ½‖c‖² − x·c, so that ‖x − c‖² = ‖x‖² + 2 · score.
    /// - Complexity: O(vectors × size × dimension)
    public func findNearest(
        _ vectors: Span<Float>, indices: inout MutableSpan<UInt16>, scores: inout MutableSpan<Float>
    ) {
        precondition(vectors.count == indices.count * dimension, "an index for each vector")
        precondition(scores.count == indices.count, "a score for each vector")
        let count = indices.count
        unsafe vectors.withUnsafeBufferPointer { vectors in
            unsafe indices.withUnsafeMutableBufferPointer { indices in
                unsafe scores.withUnsafeMutableBufferPointer { scores in
                    if let vectors = vectors.baseAddress, let indices = indices.baseAddress,
                        let scores = scores.baseAddress
                    {
                        unsafe weir_nearest(
                            packed, halfNorms, size, dimension, vectors, count, indices, scores)
                    }
                }
            }
        }
    }
}
