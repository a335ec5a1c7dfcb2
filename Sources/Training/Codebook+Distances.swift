import CVectorKernels
import Quantization

extension Codebook {
    /// Mean over the codewords of the distance to the nearest other codeword; 0 where there is no other.
    ///
    /// - Complexity: O(size² × dimension) time, O(size × dimension) memory
    var meanNearestDistance: Double {
        guard size > 1 else { return 0 }
        let packed = PackedCodebook(self)
        var scores: [Float] = Array(repeating: 0, count: weir_padded_size(size))
        var sum = 0.0
        for codeword in 0..<size {
            let values = Array(self[codeword])
            unsafe weir_scores(packed.packed, packed.halfNorms, size, dimension, values, 1, &scores)
            var least = Float.infinity
            for other in 0..<size where other != codeword { least = min(least, scores[other]) }
            let squaredNorm = values.reduce(0) { $0 + $1 * $1 }
            sum += Double(max(0, squaredNorm + 2 * least).squareRoot())
        }
        return sum / Double(size)
    }
}
