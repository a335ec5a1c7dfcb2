#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An axis with its ticks, laid out between two pixel positions.
struct AxisMapping {
    /// The ends and ticks.
    let ticks: Ticks
    private let scale: Axis.Scale
    private let start: Double
    private let end: Double

    /// Lays `axis` out from pixel `start` (its lowest value) to pixel `end`.
    init(axis: Axis, data: ClosedRange<Double>?, from start: Double, to end: Double, desiredTicks: Int) {
        self.ticks = Ticks(axis: axis, data: data, desired: desiredTicks)
        self.scale = axis.scale
        self.start = start
        self.end = end
    }

    /// The pixel position of `value`, held within a few widths of the axis so that any value can be drawn.
    func position(_ value: Double) -> Double {
        let range = ticks.range
        let fraction: Double
        switch scale {
        case .linear:
            fraction = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        case .logarithmic where value <= range.lowerBound:
            fraction = 0
        case .logarithmic:
            fraction = log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
        }
        return start + min(max(fraction, -4), 5) * (end - start)
    }
}
