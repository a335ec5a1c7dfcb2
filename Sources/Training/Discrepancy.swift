/// The maximum mean discrepancy (Gretton et al. 2012) of vectors from given ones, with the kernels of rate-adaptive
/// quantization: the sum over a of a² / (a² + squared distance).
struct Discrepancy: Sendable {
    private static let squaredWidths: [Float] = [0.2, 0.5, 0.9, 1.3].map { $0 * $0 }

    private let target: LaneRows
    private let targetMean: Double

    /// Measures against these vectors.
    init(from target: LaneRows) {
        self.target = target
        var sum = 0.0
        for row in 0..<target.count {
            for other in 0..<target.count {
                sum += Double(Self.kernel(target.squaredDistance(row, target, other)).value)
            }
        }
        targetMean = sum / Double(target.count * target.count)
    }

    /// The discrepancy of as many vectors, and how it grows with each of their values.
    ///
    /// - Complexity: O(count² × dimension)
    func measure(_ rows: LaneRows) -> (value: Double, gradient: LaneRows) {
        var gradient = LaneRows(zerosLike: rows)
        let pairs = Float(rows.count * target.count)
        var sum = 0.0
        for row in 0..<rows.count {
            for other in 0..<rows.count where other != row {
                let kernel = Self.kernel(rows.squaredDistance(row, rows, other))
                sum += Double(kernel.value)
                let factor = 4 * kernel.slope / pairs
                gradient.add(factor, rows, row, minus: rows, other, to: row)
            }
            sum += Double(Self.squaredWidths.count)
            for other in 0..<target.count {
                let kernel = Self.kernel(rows.squaredDistance(row, target, other))
                sum -= 2 * Double(kernel.value)
                let factor = -4 * kernel.slope / pairs
                gradient.add(factor, rows, row, minus: target, other, to: row)
            }
        }
        return (targetMean + sum / Double(pairs), gradient)
    }

    /// The kernel at a squared distance, and its slope.
    private static func kernel(_ square: Float) -> (value: Float, slope: Float) {
        var (value, slope): (Float, Float) = (0, 0)
        for width in squaredWidths {
            let term = width / (width + square)
            value += term
            slope -= term * term / width
        }
        return (value, slope)
    }
}
