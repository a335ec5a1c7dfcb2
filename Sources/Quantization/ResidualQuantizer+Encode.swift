internal import CVectorKernels

extension ResidualQuantizer {
    /// Vectors searched at once: enough to use each load of a codeword several times, few enough for the cache.
    private var vectorsAtOnce: Int { max(1, 24 / beamWidth) }

    /// Working memory for a beam search of a few vectors at once.
    public func makeScratch() -> QuantizerScratch {
        QuantizerScratch(
            vectors: vectorsAtOnce, beamWidth: beamWidth, stages: stages.count,
            dimension: shape.tokenDimension,
            largestPaddedSize: codebooks.joined().joined().reduce(0) { max($0, $1.paddedSize) })
    }

    /// Finds codes by beam search; a rung's weight of rate is in its codewords' biases.
    ///
    /// - Complexity: O(tokens × stages × beamWidth × size × tokenDimension)
    @discardableResult
    public func encode(
        _ normalized: Span<Float>, rung: Int, into codes: inout MutableSpan<UInt16>,
        scratch: inout QuantizerScratch
    ) -> Double {
        precondition(normalized.count.isMultiple(of: shape.dimension), "whole frames")
        let vectors = normalized.count / shape.tokenDimension
        precondition(
            codes.count >= vectors * symbolsPerToken(rung: rung), "room for the codes of these frames")
        var squaredError = 0.0
        for group in groups.indices {
            // The vectors of a group: all, or one of each frame.
            squaredError += encode(
                normalized, every: groups.count, from: group, count: vectors / groups.count,
                codebooks: codebooks[rung][group], into: &codes, scratch: &scratch)
        }
        return squaredError
    }

    /// Encodes `count` vectors, of which the first is vector `first` of `normalized` and each next one `step` on.
    private func encode(
        _ normalized: Span<Float>, every step: Int, from first: Int, count: Int, codebooks: [PackedCodebook],
        into codes: inout MutableSpan<UInt16>, scratch: inout QuantizerScratch
    ) -> Double {
        let dimension = shape.tokenDimension
        let stageCount = codebooks.count
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
            search(count: batch, codebooks: codebooks, scratch: &scratch)
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

    /// Runs the stages over `count` vectors in `scratch.residuals`; leaves one path and half norm for each.
    private func search(count: Int, codebooks: [PackedCodebook], scratch: inout QuantizerScratch) {
        for vector in 0..<count {
            scratch.costs[vector] = 0  // Only differences between hypotheses count, and there is one.
        }
        var width = 1
        for (stage, codebook) in codebooks.enumerated() {
            let isLast = stage == codebooks.count - 1
            let nextWidth = isLast ? 1 : min(beamWidth, width * codebook.size)
            unsafe weir_beam_step(
                codebook.packed, codebook.biases, codebook.codebook.codewords, codebook.size,
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
