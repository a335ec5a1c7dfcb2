/// The directions in which vectors spread most around zero.
enum PrincipalAxes {
    /// Power iterations for an axis. Directions of almost equal spread stay mixed, and serve as well.
    private static let iterations = 30

    /// The leading axes of vectors of `dimension` values whose mean is zero, the one of the largest variance first.
    ///
    /// Each axis is as long as the mean of the vectors' magnitude along it; zeros where nothing is left to spread.
    /// By power iteration from the longest vector, each axis on what the ones before leave over.
    /// - Complexity: O(count × vectors × dimension)
    static func find(_ count: Int, of vectors: [Float], dimension: Int) -> [Float] {
        var rows = LaneRows(vectors, dimension: dimension)
        var axes: [Float] = []
        axes.reserveCapacity(count * dimension)
        for _ in 0..<count {
            guard let direction = leading(rows) else {
                axes.append(contentsOf: repeatElement(0, count: dimension))
                continue
            }
            var magnitude: Float = 0
            for row in 0..<rows.count {
                let projection = rows.product(row, direction)
                magnitude += projection.magnitude
                rows.add(-projection, direction, to: row)
            }
            let length = magnitude / Float(rows.count)
            for index in 0..<dimension { axes.append(direction[index / 8][index % 8] * length) }
        }
        return axes
    }

    /// The unit vector of the largest variance; nil where all rows are zero.
    private static func leading(_ rows: LaneRows) -> [SIMD8<Float>]? {
        var longest: (row: Int, square: Float) = (0, 0)
        for row in 0..<rows.count {
            let square = rows.product(row, rows[row])
            if square > longest.square { longest = (row, square) }
        }
        guard longest.square > 1e-30 else { return nil }
        var direction = rows[longest.row]
        normalize(&direction)
        for _ in 0..<iterations {
            var next: [SIMD8<Float>] = Array(repeating: SIMD8(), count: rows.stride)
            for row in 0..<rows.count {
                rows.accumulate(row, times: rows.product(row, direction), onto: &next)
            }
            guard normalize(&next) else { break }
            direction = next
        }
        return direction
    }

    /// Scales to unit length; false, and no change, where the length is nothing.
    @discardableResult
    private static func normalize(_ vector: inout [SIMD8<Float>]) -> Bool {
        let largest = vector.reduce(0) { max($0, $1.max(), -$1.min()) }
        guard largest > 0, largest.isFinite else { return false }
        for index in vector.indices { vector[index] /= largest }
        let length = vector.reduce(0) { $0 + ($1 * $1).sum() }.squareRoot()
        for index in vector.indices { vector[index] /= length }
        return true
    }
}
