/// The smallest interval that holds all values that an axis can show.
///
/// Values beyond ±10¹² do not count, nor on a logarithmic axis those below 10⁻⁹: they are drawn at the edges.
struct Extent {
    /// The interval; `nil` before the first value.
    private(set) var range: ClosedRange<Double>?

    /// Takes in the places of a series on the horizontal axis.
    mutating func addHorizontal(of series: Series, scale: Axis.Scale) {
        switch series.marks {
        case .line(let points), .lineWithDots(let points), .steps(let points), .area(let points),
            .dots(let points):
            for point in points { add(point.x, scale: scale) }
        case .band(let intervals):
            for interval in intervals { add(interval.x, scale: scale) }
        }
    }

    /// Takes in the values of a series.
    mutating func addVertical(of series: Series, scale: Axis.Scale) {
        switch series.marks {
        case .line(let points), .lineWithDots(let points), .steps(let points), .area(let points),
            .dots(let points):
            for point in points { add(point.y, scale: scale) }
        case .band(let intervals):
            for interval in intervals {
                add(interval.lower, scale: scale)
                add(interval.upper, scale: scale)
            }
        }
    }

    private mutating func add(_ value: Double, scale: Axis.Scale) {
        guard abs(value) <= 1e12, scale == .linear || value >= 1e-9 else { return }
        guard let range else {
            self.range = value...value
            return
        }
        self.range = min(range.lowerBound, value)...max(range.upperBound, value)
    }
}
