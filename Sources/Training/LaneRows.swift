/// Vectors one after the other, each padded with zeros to whole groups of eight lanes.
struct LaneRows: Sendable {
    /// Vectors.
    let count: Int

    /// Groups of a vector.
    let stride: Int

    private var lanes: [SIMD8<Float>]

    /// Lays out vectors of `dimension` values.
    init(_ values: [Float], dimension: Int) {
        count = values.count / dimension
        stride = (dimension + 7) / 8
        lanes = Array(repeating: SIMD8(), count: count * stride)
        for row in 0..<count {
            for index in 0..<dimension {
                lanes[row * stride + index / 8][index % 8] = values[row * dimension + index]
            }
        }
    }

    /// `count` vectors of zeros.
    init(count: Int, dimension: Int) {
        self.count = count
        stride = (dimension + 7) / 8
        lanes = Array(repeating: SIMD8(), count: count * stride)
    }

    /// As many vectors of zeros.
    init(zerosLike other: LaneRows) {
        count = other.count
        stride = other.stride
        lanes = Array(repeating: SIMD8(), count: count * stride)
    }

    /// One vector.
    subscript(row: Int) -> [SIMD8<Float>] { Array(lanes[row * stride..<(row + 1) * stride]) }

    /// A value of a vector.
    func value(_ row: Int, _ index: Int) -> Float { lanes[row * stride + index / 8][index % 8] }

    /// The scalar product of a vector with another one.
    func product(_ row: Int, _ other: [SIMD8<Float>]) -> Float {
        var sum = SIMD8<Float>()
        for index in 0..<stride { sum += lanes[row * stride + index] * other[index] }
        return sum.sum()
    }

    /// Adds `factor × other` to a vector.
    mutating func add(_ factor: Float, _ other: [SIMD8<Float>], to row: Int) {
        for index in 0..<stride { lanes[row * stride + index] += factor * other[index] }
    }

    /// Adds `factor` times a vector of other rows to one of these.
    mutating func add(_ factor: Float, _ other: LaneRows, _ otherRow: Int, to row: Int) {
        let count = stride
        let (first, otherFirst) = (row * count, otherRow * count)
        let others = other.lanes.span
        // A span is checked once to be the only owner, an array at each value.
        var own = lanes.mutableSpan
        for index in 0..<count { own[first + index] += factor * others[otherFirst + index] }
    }

    /// Adds `factor` times the difference of two vectors of other rows to one of these. Equal ones add nothing, however
    /// large the factor.
    mutating func add(
        _ factor: Float, _ minuend: LaneRows, _ minuendRow: Int, minus other: LaneRows, _ otherRow: Int,
        to row: Int
    ) {
        for index in 0..<stride {
            let difference =
                minuend.lanes[minuendRow * stride + index] - other.lanes[otherRow * stride + index]
            lanes[row * stride + index] += factor * difference
        }
    }

    /// Multiplies a vector.
    mutating func scale(_ row: Int, by factor: Float) {
        for index in 0..<stride { lanes[row * stride + index] *= factor }
    }

    /// Adds `factor` times a vector to `sum`.
    func accumulate(_ row: Int, times factor: Float, onto sum: inout [SIMD8<Float>]) {
        for index in 0..<stride { sum[index] += factor * lanes[row * stride + index] }
    }

    /// The scalar product of a vector with one of other rows.
    func product(_ row: Int, _ other: LaneRows, _ otherRow: Int) -> Float {
        var sum = SIMD8<Float>()
        for index in 0..<stride {
            sum += lanes[row * stride + index] * other.lanes[otherRow * stride + index]
        }
        return sum.sum()
    }

    /// The squared distance of a vector to one of other rows.
    func squaredDistance(_ row: Int, _ other: LaneRows, _ otherRow: Int) -> Float {
        var sum = SIMD8<Float>()
        for index in 0..<stride {
            let difference = lanes[row * stride + index] - other.lanes[otherRow * stride + index]
            sum += difference * difference
        }
        return sum.sum()
    }

    /// The vectors' values without the padding.
    func values(dimension: Int) -> [Float] {
        (0..<count).flatMap { row in (0..<dimension).map { value(row, $0) } }
    }
}
