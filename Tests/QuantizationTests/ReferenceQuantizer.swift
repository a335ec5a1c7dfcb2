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

    /// Whether the documentation promises tables of products.
    private var usesTables: Bool {
        guard let dimension = codebooks.first?.dimension, codebooks.count > 1 else { return false }
        let products = codebooks.indices.reduce(0) { sum, later in
            let row = (codebooks[later].size + 15) / 16 * 16
            return sum + codebooks[..<later].reduce(0) { $0 + $1.size * row }
        }
        return beamWidth > 1 && dimension >= 24 && 2 * products <= 16 << 20
    }

    /// The codes of the tokens.
    func encode(tokens: [[Float]]) -> [UInt16] {
        let tables = usesTables ? codebooks.indices.map(productTable) : []
        return tokens.flatMap { encode($0, tables: tables) }
    }

    private func encode(_ token: [Float], tables: [ProductTable]) -> [UInt16] {
        var hypotheses = [Hypothesis(path: [], residual: token, cost: 0)]
        for (stage, codebook) in codebooks.enumerated() {
            var candidates: [(cost: Float, parent: Int, codeword: Int)] = []
            for (parent, hypothesis) in hypotheses.enumerated() {
                let offset = hypothesis.cost - hypotheses[0].cost
                for codeword in 0..<codebook.size {
                    var score: Float
                    if tables.isEmpty {
                        score = self.score(hypothesis.residual, codebook[codeword])
                    } else {
                        score = self.score(token, codebook[codeword])
                        if stage > 0 {
                            let product = hypothesis.path.enumerated().reduce(0) { sum, step in
                                sum + tables[stage].products[step.offset][Int(step.element)][codeword]
                            }
                            score.addProduct(tables[stage].unit, Float(product))
                        }
                    }
                    candidates.append((score + offset, parent, codeword))
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

    /// A stage's products with the stages before, as multiples of their unit: by stage, its codeword, own codeword.
    private struct ProductTable {
        let unit: Float
        let products: [[[Int]]]
    }

    private func productTable(stage: Int) -> ProductTable {
        guard stage > 0 else { return ProductTable(unit: 0, products: []) }
        let products = codebooks[..<stage].map { earlier in
            (0..<earlier.size).map { row in
                (0..<codebooks[stage].size).map { column in
                    var negative: Float = 0
                    for (a, b) in zip(earlier[row], codebooks[stage][column]) { negative.addProduct(-a, b) }
                    return -negative
                }
            }
        }
        let largest = products.map { Double($0.joined().map(\.magnitude).max() ?? 0) }
        let unit = Float(largest.reduce(0, +) / Double(32767 - stage))
        return ProductTable(
            unit: unit, products: products.map { $0.map { $0.map { Int(($0 / unit).rounded()) } } })
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
