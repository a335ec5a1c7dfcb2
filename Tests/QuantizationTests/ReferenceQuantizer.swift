import Quantization

/// Residual quantization as its documentation states it, one operation after the other.
struct ReferenceQuantizer {
    let codebooks: [Codebook]
    let beamWidth: Int

    private struct Hypothesis {
        var path: [UInt16]
        var residual: [Float]
        var cost: Float
    }

    /// The codes of one token.
    func encode(_ token: [Float]) -> [UInt16] {
        var hypotheses = [Hypothesis(path: [], residual: token, cost: 0)]
        for (stage, codebook) in codebooks.enumerated() {
            var candidates: [(cost: Float, parent: Int, codeword: Int)] = []
            for (parent, hypothesis) in hypotheses.enumerated() {
                for codeword in 0..<codebook.size {
                    let offset = hypothesis.cost - hypotheses[0].cost
                    let cost = score(hypothesis.residual, codebook[codeword]) + offset
                    candidates.append((cost, parent, codeword))
                }
            }
            candidates.sort { ($0.cost, $0.parent, $0.codeword) < ($1.cost, $1.parent, $1.codeword) }
            hypotheses = candidates.prefix(stage == codebooks.count - 1 ? 1 : beamWidth).map { candidate in
                let parent = hypotheses[candidate.parent]
                let residual = zip(parent.residual, codebook[candidate.codeword]).map { $0 - $1 }
                return Hypothesis(
                    path: parent.path + [UInt16(candidate.codeword)], residual: residual, cost: candidate.cost
                )
            }
        }
        return hypotheses[0].path
    }

    /// The least squared error that any codes of the token have, by trying all.
    func leastSquaredError(_ token: [Float]) -> Double {
        var residuals = [token]
        for codebook in codebooks {
            residuals = residuals.flatMap { residual in
                (0..<codebook.size).map { codeword in zip(residual, codebook[codeword]).map { $0 - $1 } }
            }
        }
        return residuals.map { $0.reduce(0) { $0 + Double($1) * Double($1) } }.min() ?? .infinity
    }

    private func score(_ vector: [Float], _ codeword: ArraySlice<Float>) -> Float {
        var squares: Float = 0
        for value in codeword { squares.addProduct(value, value) }
        var score = 0.5 * squares
        for (x, c) in zip(vector, codeword) { score.addProduct(-x, c) }
        return score
    }
}
