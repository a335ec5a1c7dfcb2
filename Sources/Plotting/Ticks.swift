#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where an axis has its ticks and what they say, with the ends of the axis.
struct Ticks: Equatable {
    /// One tick.
    struct Tick: Equatable {
        let value: Double
        let label: String
    }

    /// The values at the ends of the axis.
    let range: ClosedRange<Double>
    /// The ticks within the range, in rising order.
    let ticks: [Tick]

    /// Ticks for `axis`, whose data lies in `data`; `desired` is about how many there should be.
    init(axis: Axis, data: ClosedRange<Double>?, desired: Int) {
        switch axis.scale {
        case .linear: self = Ticks.linear(axis: axis, data: data, desired: desired)
        case .logarithmic: self = Ticks.logarithmic(axis: axis, data: data, desired: desired)
        }
    }

    private init(range: ClosedRange<Double>, ticks: [Tick]) {
        self.range = range
        self.ticks = ticks
    }

    // MARK: - Linear

    private static func linear(axis: Axis, data: ClosedRange<Double>?, desired: Int) -> Ticks {
        var wanted = axis.range ?? data ?? 0...1
        if axis.range == nil, axis.includesZero {
            wanted = min(wanted.lowerBound, 0)...max(wanted.upperBound, 0)
        }
        // Values that differ by rounding errors only are one value.
        let magnitude = max(abs(wanted.lowerBound), abs(wanted.upperBound))
        if wanted.upperBound - wanted.lowerBound <= max(magnitude * 1e-9, 1e-9) {
            let margin = max(magnitude / 10, 0.5)
            wanted = (wanted.lowerBound - margin)...(wanted.upperBound + margin)
        }
        var step = TickStep(atLeast: (wanted.upperBound - wanted.lowerBound) / Double(max(desired, 1)))
        if axis.wholeNumbers, step.exponent < 0 { step = TickStep(mantissa: 1, exponent: 0) }
        var first = step.index(of: wanted.lowerBound, rounding: .down)
        var last = step.index(of: wanted.upperBound, rounding: .up)
        var range = step.value(first)...step.value(last)
        if axis.range != nil {
            first = step.index(of: wanted.lowerBound, rounding: .up)
            last = step.index(of: wanted.upperBound, rounding: .down)
            range = wanted
        }
        guard first <= last else { return Ticks(range: range, ticks: []) }
        return Ticks(
            range: range,
            ticks: (first...last).map { Tick(value: step.value($0), label: step.label($0)) })
    }

    // MARK: - Logarithmic

    private static func logarithmic(axis: Axis, data: ClosedRange<Double>?, desired: Int) -> Ticks {
        let wanted = axis.range ?? data ?? 1...10
        let lowest = floor(log10(wanted.lowerBound))
        let highest = ceil(log10(wanted.upperBound))
        let mantissas = highest - lowest > Double(desired) / 2 ? [1] : [1, 2, 5]
        var candidates: [Tick] = []
        for exponent in Int(lowest)...Int(max(highest, lowest)) {
            for mantissa in mantissas {
                let step = TickStep(mantissa: mantissa, exponent: exponent)
                candidates.append(Tick(value: step.value(1), label: step.label(1)))
            }
        }
        var range = wanted
        if axis.range == nil {
            let lower = candidates.last { $0.value <= wanted.lowerBound }?.value ?? wanted.lowerBound
            var upper = candidates.first { $0.value >= wanted.upperBound }?.value ?? wanted.upperBound
            if upper <= lower { upper = lower * 10 }
            range = lower...upper
        }
        return Ticks(range: range, ticks: candidates.filter { range.contains($0.value) })
    }
}
