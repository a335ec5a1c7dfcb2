internal import CVectorKernels

extension ResidualQuantizer {
    /// Adds up the codewords of each token, first stage first.
    ///
    /// - Complexity: O(codes × tokenDimension)
    public func decode(_ codes: Span<UInt16>, rung: Int, into normalized: inout MutableSpan<Float>) {
        precondition(codes.count.isMultiple(of: symbolsPerFrame(rung: rung)), "codes of whole frames")
        decodeTokens(codes, rung: rung, into: &normalized)
    }

    /// As `decode`, for the codes of `tokenCount` tokens, between arrays.
    func decode(_ codes: [UInt16], tokenCount: Int, rung: Int, into normalized: inout [Float]) {
        let codes = codes.span.extracting(first: tokenCount * symbolsPerToken(rung: rung))
        var normalized = normalized.mutableSpan
        decodeTokens(codes, rung: rung, into: &normalized)
    }

    private func decodeTokens(_ codes: Span<UInt16>, rung: Int, into normalized: inout MutableSpan<Float>) {
        let codebooks = codebooks[rung]
        let dimension = shape.tokenDimension
        let tokens = codes.count / codebooks.count
        precondition(normalized.count >= tokens * dimension, "room for the frames of these codes")
        unsafe normalized.withUnsafeMutableBufferPointer { normalized in
            guard let base = normalized.baseAddress else { return }
            for token in 0..<tokens {
                let sum = unsafe base + token * dimension
                unsafe sum.update(repeating: 0, count: dimension)
                for stage in codebooks.indices {
                    let code = Int(codes[token * codebooks.count + stage])
                    precondition(code < codebooks[stage].size, "a code is below its codebook's size")
                    unsafe codebooks[stage].codebook.codewords.withUnsafeBufferPointer { codewords in
                        if let codeword = codewords.baseAddress {
                            unsafe weir_add(codeword + code * dimension, dimension, sum)
                        }
                    }
                }
            }
        }
    }
}
