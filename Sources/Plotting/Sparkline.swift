#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A row of block characters of eight heights: a plot in one line of a terminal.
public enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// One character for each value: the lowest block at the range's lower end, the highest at its upper end.
    ///
    /// Values outside are shown at the nearer end, values that are not finite as a blank. On a logarithmic scale
    /// the range must be positive, and values that are not positive are shown at the lower end.
    ///
    /// - Parameter range: the values of the lowest and the highest block; `nil` takes them from the values.
    public static func text(
        _ values: [Double],
        range: ClosedRange<Double>? = nil,
        scale: Axis.Scale = .linear
    ) -> String {
        let drawable = values.filter { $0.isFinite && (scale == .linear || $0 > 0) }
        guard let lowest = drawable.min(), let highest = drawable.max() else {
            return String(values.map { $0.isFinite ? blocks[0] : " " })
        }
        let range = range ?? lowest...highest
        precondition(scale == .linear || range.lowerBound > 0, "a logarithmic scale is positive")
        return String(
            values.map { value in
                guard value.isFinite else { return " " }
                return blocks[level(of: value, in: range, scale: scale)]
            })
    }

    private static func level(of value: Double, in range: ClosedRange<Double>, scale: Axis.Scale) -> Int {
        guard value > range.lowerBound else { return 0 }
        guard value < range.upperBound else { return blocks.count - 1 }
        let fraction =
            switch scale {
            case .linear: (value - range.lowerBound) / (range.upperBound - range.lowerBound)
            case .logarithmic: log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
            }
        // Logarithms of round numbers fall a hair short of the border between two blocks.
        return min(Int(fraction * Double(blocks.count) + 1e-9), blocks.count - 1)
    }
}
