internal import CVectorKernels

extension ResidualQuantizer {
    /// Vectors searched at once by products: enough to use each load of a codeword several times, few enough for the
    /// cache.
    private static let vectorsAtOnce = 24

    /// As `vectorsAtOnce`, without products, where each hypothesis is a vector of its own.
    private var vectorsWithoutProducts: Int { max(1, Self.vectorsAtOnce / beamWidth) }

    /// Working memory for a beam search of a few vectors at once. The first call makes the quantizer's products.
    public func makeScratch() -> QuantizerScratch {
        QuantizerScratch(
            owner: productTableCache,
            products: productTableCache.tables { ProductTables(codebooks, beamWidth: beamWidth) },
            vectors: Self.vectorsAtOnce, vectorsWithoutProducts: vectorsWithoutProducts, beamWidth: beamWidth,
            stages: stages.count, dimension: shape.tokenDimension,
            largestPaddedSize: codebooks.joined().joined().reduce(0) { max($0, $1.paddedSize) })
    }

    /// Finds codes by beam search; a rung's weight of rate is in its codewords' biases.
    ///
    /// - Complexity: O(tokens × stages × size × (tokenDimension + beamWidth × stages)) by products,
    ///   O(tokens × stages × size × tokenDimension × beamWidth) without.
    @discardableResult
    public func encode(
        _ normalized: Span<Float>, rung: Int, into codes: inout MutableSpan<UInt16>,
        scratch: inout QuantizerScratch
    ) -> Double {
        precondition(scratch.owner === productTableCache, "scratch of this quantizer, or of a copy of it")
        precondition(normalized.count.isMultiple(of: shape.dimension), "whole frames")
        let vectors = normalized.count / shape.tokenDimension
        precondition(
            codes.count >= vectors * symbolsPerToken(rung: rung), "room for the codes of these frames")
        var squaredError = 0.0
        for group in groups.indices {
            // The vectors of a group: all, or one of each frame.
            squaredError += encode(
                normalized, every: groups.count, from: group, count: vectors / groups.count,
                codebooks: codebooks[rung][group], lookups: scratch.products.rungs[rung]?[group],
                into: &codes, scratch: &scratch)
        }
        return squaredError
    }

    /// Encodes `count` vectors, of which the first is vector `first` of `normalized` and each next one `step` on.
    private func encode(
        _ normalized: Span<Float>, every step: Int, from first: Int, count: Int, codebooks: [PackedCodebook],
        lookups: [ProductTables.Stage]?, into codes: inout MutableSpan<UInt16>,
        scratch: inout QuantizerScratch
    ) -> Double {
        let dimension = shape.tokenDimension
        let stageCount = codebooks.count
        let vectorsAtOnce = lookups == nil ? vectorsWithoutProducts : Self.vectorsAtOnce
        var squaredError = 0.0
        var done = 0
        while done < count {
            let batch = min(vectorsAtOnce, count - done)
            for vector in 0..<batch {
                let start = (first + (done + vector) * step) * dimension
                for index in 0..<dimension {
                    scratch.residuals[vector * dimension + index] = normalized[start + index]
                }
            }
            if let lookups {
                search(count: batch, codebooks: codebooks, lookups: lookups, scratch: &scratch)
            } else {
                search(count: batch, codebooks: codebooks, scratch: &scratch)
            }
            for vector in 0..<batch {
                let start = (first + (done + vector) * step) * stageCount
                for stage in 0..<stageCount {
                    codes[start + stage] = scratch.paths[vector * stageCount + stage]
                }
                squaredError += 2 * Double(scratch.halfNorms[vector])
            }
            done += batch
        }
        return squaredError
    }

    /// As `encode`, for the first `frameCount` frames, between arrays.
    func encode(
        _ normalized: [Float], frameCount: Int, rung: Int, into codes: inout [UInt16],
        scratch: inout QuantizerScratch
    ) -> Double {
        var codes = codes.mutableSpan
        return encode(
            normalized.span.extracting(first: frameCount * shape.dimension), rung: rung, into: &codes,
            scratch: &scratch)
    }

    /// Hypotheses kept after a stage, of `width` before it.
    private func width(after stage: Int, of codebooks: [PackedCodebook], width: Int) -> Int {
        stage == codebooks.count - 1 ? 1 : min(beamWidth, width * codebooks[stage].size)
    }

    /// Runs the stages over `count` vectors in `scratch.residuals`; leaves one path and half norm for each.
    private func search(count: Int, codebooks: [PackedCodebook], scratch: inout QuantizerScratch) {
        for vector in 0..<count {
            scratch.costs[vector] = 0  // Only differences between hypotheses count, and there is one.
        }
        var width = 1
        for (stage, codebook) in codebooks.enumerated() {
            let nextWidth = self.width(after: stage, of: codebooks, width: width)
            unsafe weir_beam_step(
                codebook.packed, codebook.biases, codebook.codebook.codewords, codebook.size,
                codebook.dimension, count, width, scratch.residuals, scratch.costs, nextWidth,
                &scratch.scores, &scratch.nextResiduals, &scratch.halfNorms, &scratch.nextCosts,
                &scratch.parents, &scratch.indices)
            swap(&scratch.residuals, &scratch.nextResiduals)
            extendPaths(stage: stage, count: count, width: width, nextWidth: nextWidth, scratch: &scratch)
            width = nextWidth
        }
    }

    /// As the search above, by products: vectors stay what they are until their paths are known.
    private func search(
        count: Int, codebooks: [PackedCodebook], lookups: [ProductTables.Stage],
        scratch: inout QuantizerScratch
    ) {
        for vector in 0..<count { scratch.costs[vector] = 0 }
        var width = 1
        for (stage, codebook) in codebooks.enumerated() {
            let nextWidth = self.width(after: stage, of: codebooks, width: width)
            unsafe weir_product_step(
                codebook.packed, codebook.biases, codebook.size, codebook.dimension, count, scratch.residuals,
                scratch.products.values, lookups[stage].tables, stage, lookups[stage].unit, width,
                scratch.paths, scratch.costs, nextWidth, &scratch.scores, &scratch.sums, &scratch.nextCosts,
                &scratch.parents, &scratch.indices)
            extendPaths(stage: stage, count: count, width: width, nextWidth: nextWidth, scratch: &scratch)
            width = nextWidth
        }
        for vector in 0..<count {
            for (stage, codebook) in codebooks.enumerated() {
                let code = Int(scratch.paths[vector * codebooks.count + stage])
                scratch.halfNorms[vector] = codebook.subtract(
                    code, fromVector: vector, of: &scratch.residuals)
            }
        }
    }

    /// Appends what a stage chose to the hypotheses' paths.
    private func extendPaths(
        stage: Int, count: Int, width: Int, nextWidth: Int, scratch: inout QuantizerScratch
    ) {
        unsafe weir_extend_paths(
            scratch.paths, stage, count, width, nextWidth, scratch.parents, scratch.indices,
            &scratch.nextPaths)
        swap(&scratch.paths, &scratch.nextPaths)
        swap(&scratch.costs, &scratch.nextCosts)
    }
}

extension PackedCodebook {
    /// Subtracts a codeword from a vector and returns half the squared norm of what is left.
    fileprivate func subtract(_ code: Int, fromVector vector: Int, of values: inout [Float]) -> Float {
        precondition(code < size && (vector + 1) * dimension <= values.count, "a codeword and a vector")
        return unsafe values.withUnsafeMutableBufferPointer { values in
            unsafe codebook.codewords.withUnsafeBufferPointer { codewords in
                guard let values = values.baseAddress, let codewords = codewords.baseAddress else { return 0 }
                let residual = unsafe values + vector * dimension
                return unsafe weir_subtract(residual, codewords + code * dimension, dimension, residual)
            }
        }
    }
}
