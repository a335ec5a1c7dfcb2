internal import CVectorKernels

extension ResidualQuantizer {
    /// Adds up the codewords of each token, first stage first.
    ///
    /// - Complexity: O(codes × tokenDimension)
    public func decode(_ codes: Span<UInt16>, rung: Int, into normalized: inout MutableSpan<Float>) {
        precondition(codes.count.isMultiple(of: symbolsPerFrame(rung: rung)), "codes of whole frames")
        decodeTokens(codes, from: 0, rung: rung, into: &normalized)
    }

    /// As `decode`, for the codes of some tokens of one frame, between arrays.
    func decode(_ codes: [UInt16], tokens: Range<Int>, rung: Int, into normalized: inout [Float]) {
        let codes = codes.span.extracting(first: tokens.count * symbolsPerToken(rung: rung))
        var normalized = normalized.mutableSpan
        decodeTokens(codes, from: tokens.lowerBound, rung: rung, into: &normalized)
    }

    /// Decodes consecutive tokens, the first of which is `first` of its frame.
    private func decodeTokens(
        _ codes: Span<UInt16>, from first: Int, rung: Int, into normalized: inout MutableSpan<Float>
    ) {
        let symbols = symbolsPerToken(rung: rung)
        let dimension = shape.tokenDimension
        let tokens = codes.count / symbols
        precondition(normalized.count >= tokens * dimension, "room for the frames of these codes")
        unsafe normalized.withUnsafeMutableBufferPointer { normalized in
            guard let base = normalized.baseAddress else { return }
            for token in 0..<tokens {
                let codebooks = codebooks[rung][group(ofToken: (first + token) % shape.tokens)]
                let sum = unsafe base + token * dimension
                unsafe sum.update(repeating: 0, count: dimension)
                for stage in codebooks.indices {
                    let code = Int(codes[token * symbols + stage])
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
