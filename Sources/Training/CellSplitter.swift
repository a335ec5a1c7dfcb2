public import Quantization

/// Splits the codewords of a base codebook along the principal axes of what they stand for, without frames.
///
/// A cell's mean m with n tokens that lie, on average, a away from it along an axis u becomes m − au and m + au, which
/// lowers the squared error by na² or more. The most gainful split comes first, and halves may be split again.
public struct CellSplitter: Sendable {
    /// The length along its axis that a half keeps, in lengths before; that of a half of a normal distribution.
    private static let keptLength: Float = 0.603

    private let statistics: StageStatistics

    /// Splits what calibration statistics say about a base codebook's cells.
    public init(_ statistics: StageStatistics) {
        self.statistics = statistics
    }

    /// The means of `size` cells, with the tokens of each; those of one base codeword follow each other.
    ///
    /// Cells without spread are split last, and give equal codewords. Traps unless size is at least the base size and
    /// at most the largest codebook's.
    /// - Complexity: O(size × (log size + dimension))
    public func split(size: Int) -> WeightedCodebook {
        let dimension = statistics.dimension
        let baseSize = statistics.counts.count
        precondition(baseSize...Codebook.maximumSize ~= size, "a split gives more codewords, at most 65536")
        var cells = (0..<baseSize).map { Cell(base: $0, of: statistics) }
        var queue = MaximumHeap()
        for (index, cell) in cells.enumerated() { queue.insert(cell.gain, index) }
        while cells.count < size, let index = queue.removeFirst() {
            let halves = halves(of: cells[index])
            cells[index] = halves.0
            queue.insert(halves.0.gain, index)
            queue.insert(halves.1.gain, cells.count)
            cells.append(halves.1)
        }
        let order = cells.indices.sorted { (cells[$0].base, $0) < (cells[$1].base, $1) }
        let codewords = order.flatMap { cells[$0].mean }
        return WeightedCodebook(
            Codebook(codewords: codewords, size: size, dimension: dimension),
            weights: order.map { cells[$0].weight })
    }

    private func halves(of cell: Cell) -> (Cell, Cell) {
        let dimension = statistics.dimension
        let first = (cell.base * statistics.axisCount + cell.widest) * dimension
        var (low, high) = (cell, cell)
        for index in 0..<dimension {
            let step = cell.shares[cell.widest] * statistics.spread[first + index]
            low.mean[index] -= step
            high.mean[index] += step
        }
        low.narrow()
        high.narrow()
        return (low, high)
    }

    private struct Cell: Sendable {
        let base: Int
        var mean: [Float]
        var weight: Double
        /// Squared length of each of the base codeword's axes, and the share of the length that this cell has.
        let squares: [Double]
        var shares: [Float]

        init(base: Int, of statistics: StageStatistics) {
            let dimension = statistics.dimension
            let axes = statistics.axisCount
            self.base = base
            mean = Array(statistics.means[base * dimension..<(base + 1) * dimension])
            weight = Double(statistics.counts[base])
            squares = (0..<axes).map { axis in
                let first = (base * axes + axis) * dimension
                return statistics.spread[first..<first + dimension].reduce(0) {
                    $0 + Double($1) * Double($1)
                }
            }
            shares = Array(repeating: 1, count: axes)
        }

        /// The axis along which the cell is widest.
        var widest: Int {
            shares.indices.max { square($0) < square($1) } ?? 0
        }

        /// The squared error that a split saves.
        var gain: Double { weight * square(widest) }

        private func square(_ axis: Int) -> Double {
            squares[axis] * Double(shares[axis]) * Double(shares[axis])
        }

        mutating func narrow() {
            weight /= 2
            shares[widest] *= CellSplitter.keptLength
        }
    }
}
