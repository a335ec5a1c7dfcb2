import Quantization

extension ResidualTrainer {
    /// Moves all codewords of all stages together towards the least error of the full sum: codes by beam search with the
    /// codebooks as they are, then each stage's codewords by the mean of what is left of their vectors, stage by stage.
    func refined(_ codebooks: [Codebook], vectors: [Float], dimension: Int) -> [Codebook] {
        var state = BeamState(vectors, dimension: dimension)
        for codebook in codebooks { _ = state.extend(by: codebook, width: beamWidth, workers: workers) }
        var left = state.bestResiduals
        let paths = state.bestPaths
        return codebooks.enumerated().map { stage, codebook in
            var counts: [Double] = Array(repeating: 0, count: codebook.size)
            var sums: [Double] = Array(repeating: 0, count: codebook.size * dimension)
            for vector in 0..<state.count {
                let code = Int(paths[vector * codebooks.count + stage])
                counts[code] += 1
                for index in 0..<dimension {
                    sums[code * dimension + index] += Double(left[vector * dimension + index])
                }
            }
            let steps = sums.indices.map { Float(sums[$0] / max(1, counts[$0 / dimension])) }
            for vector in 0..<state.count {
                let code = Int(paths[vector * codebooks.count + stage])
                for index in 0..<dimension {
                    left[vector * dimension + index] -= steps[code * dimension + index]
                }
            }
            return Codebook(
                codewords: zip(codebook.codewords, steps).map { $0 + $1 }, size: codebook.size,
                dimension: dimension)
        }
    }
}
