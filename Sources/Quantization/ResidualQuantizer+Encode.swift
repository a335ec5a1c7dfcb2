internal import CVectorKernels

extension ResidualQuantizer {
    /// Vectors searched at once: enough to use each load of a codeword several times, few enough for the cache.
    private var vectorsAtOnce: Int { max(1, 24 / beamWidth) }

    /// Working memory for a beam search of a few vectors at once.
    public func makeScratch() -> QuantizerScratch {
        QuantizerScratch(
            vectors: vectorsAtOnce, beamWidth: beamWidth, stages: stages.count,
            dimension: shape.tokenDimension,
            largestPaddedSize: codebooks.joined().reduce(0) { max($0, $1.paddedSize) })
    }

    /// Finds codes by beam search.
    ///
    /// - Complexity: O(tokens × stages × beamWidth × size × tokenDimension)
    @discardableResult
    public func encode(
        _ normalized: Span<Float>, rung: Int, into codes: inout MutableSpan<UInt16>,
        scratch: inout QuantizerScratch
    ) -> Double {
        let dimension = shape.tokenDimension
        let stageCount = codebooks[rung].count
        precondition(normalized.count.isMultiple(of: shape.dimension), "whole frames")
        let vectors = normalized.count / dimension
        precondition(codes.count >= vectors * stageCount, "room for the codes of these frames")
        var squaredError = 0.0
        var first = 0
        while first < vectors {
            let count = min(vectorsAtOnce, vectors - first)
            for index in 0..<count * dimension {
                scratch.residuals[index] = normalized[first * dimension + index]
            }
            search(count: count, rung: rung, scratch: &scratch)
            for index in 0..<count * stageCount {
                codes[first * stageCount + index] = scratch.paths[index]
            }
            for vector in 0..<count {
                squaredError += 2 * Double(scratch.halfNorms[vector])
            }
            first += count
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

    /// Runs the stages over `count` vectors in `scratch.residuals`; leaves one path and half norm for each.
    private func search(count: Int, rung: Int, scratch: inout QuantizerScratch) {
        let codebooks = codebooks[rung]
        for vector in 0..<count {
            scratch.costs[vector] = 0  // Only differences between hypotheses count, and there is one.
        }
        var width = 1
        for (stage, codebook) in codebooks.enumerated() {
            let isLast = stage == codebooks.count - 1
            let nextWidth = isLast ? 1 : min(beamWidth, width * codebook.size)
            unsafe weir_beam_step(
                codebook.packed, codebook.halfNorms, codebook.codebook.codewords, codebook.size,
                codebook.dimension, count, width, scratch.residuals, scratch.costs, nextWidth,
                &scratch.scores, &scratch.nextResiduals, &scratch.halfNorms, &scratch.nextCosts,
                &scratch.parents, &scratch.indices)
            for next in 0..<count * nextWidth {
                let parent = next / nextWidth * width + Int(scratch.parents[next])
                for earlier in 0..<stage {
                    scratch.nextPaths[next * (stage + 1) + earlier] = scratch.paths[parent * stage + earlier]
                }
                scratch.nextPaths[next * (stage + 1) + stage] = scratch.indices[next]
            }
            swap(&scratch.residuals, &scratch.nextResiduals)
            swap(&scratch.costs, &scratch.nextCosts)
            swap(&scratch.paths, &scratch.nextPaths)
            width = nextWidth
        }
    }
}
