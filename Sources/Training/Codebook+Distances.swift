import CVectorKernels
import Quantization

extension Codebook {
    /// Mean over the codewords of the distance to the nearest other codeword; 0 where there is no other.
    ///
    /// - Complexity: O(size² × dimension) time, O(size × dimension) memory
    var meanNearestDistance: Double {
        let distances = squaredDistancesToNearest(of: Array(0..<size))
        return distances.reduce(0) { $0 + $1.squareRoot() } / Double(size)
    }

    /// The squared distance from each of some codewords to the nearest other codeword; 0 where there is no other.
    ///
    /// - Complexity: O(codewords × size × dimension) time, O(size × dimension) memory
    func squaredDistancesToNearest(of codewords: [Int]) -> [Double] {
        guard size > 1 else { return Array(repeating: 0, count: codewords.count) }
        let centred = centred
        let packed = PackedCodebook(centred)
        var scores: [Float] = Array(repeating: 0, count: weir_padded_size(size))
        return codewords.map { codeword in
            let values = Array(centred[codeword])
            unsafe weir_scores(packed.packed, packed.halfNorms, size, dimension, values, 1, &scores)
            var nearest = codeword == 0 ? 1 : 0
            for other in 0..<size where other != codeword && scores[other] < scores[nearest] {
                nearest = other
            }
            // Taken of the values: scores of codewords that are near each other cancel.
            return zip(self[codeword], self[nearest]).reduce(0) { sum, pair in
                let difference = Double(pair.0) - Double(pair.1)
                return sum + difference * difference
            }
        }
    }

    /// The codewords around their mean, so that what they have in common takes no digits of scores.
    private var centred: Codebook {
        let means = (0..<dimension).map { index in
            let sum = stride(from: index, to: codewords.count, by: dimension).reduce(0.0) {
                $0 + Double(codewords[$1])
            }
            return Float(sum / Double(size))
        }
        return Codebook(
            codewords: codewords.indices.map { codewords[$0] - means[$0 % dimension] }, size: size,
            dimension: dimension)
    }
}
