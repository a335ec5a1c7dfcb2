#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A distance between ticks that people read easily: 1, 2 or 5 times a power of ten.
///
/// Values and labels come from whole numbers, so that 3 × 0.1 is labelled 0.3 and never 0.30000000000000004.
struct TickStep: Equatable {
    /// 1, 2 or 5.
    let mantissa: Int
    /// The power of ten, from −12 to 15.
    let exponent: Int

    /// A step of `mantissa` · 10^`exponent`.
    init(mantissa: Int, exponent: Int) {
        self.mantissa = mantissa
        self.exponent = min(max(exponent, -12), 15)
    }

    /// The smallest such step that is not below `distance`, up to rounding errors.
    init(atLeast distance: Double) {
        precondition(distance > 0 && distance.isFinite, "ticks have a positive distance")
        let exponent = Int(floor(log10(distance)))
        let normalized = distance / pow(10, Double(exponent))
        for mantissa in [1, 2, 5] where Double(mantissa) >= normalized * (1 - 1e-9) {
            self.init(mantissa: mantissa, exponent: exponent)
            return
        }
        self.init(mantissa: 1, exponent: exponent + 1)
    }

    /// The value of tick number `index`.
    func value(_ index: Int) -> Double {
        exponent >= 0
            ? Double(index) * Double(mantissa) * Double(DecimalText.powerOfTen(exponent))
            : Double(index) * Double(mantissa) / Double(DecimalText.powerOfTen(-exponent))
    }

    /// The text of tick number `index`.
    func label(_ index: Int) -> String {
        exponent >= 0
            ? DecimalText.fixed(value(index), places: 0, grouping: true)
            : DecimalText.text(index * mantissa, places: -exponent, grouping: true)
    }

    /// The number of the tick at `value`, or of the next one in the direction of `rounding`.
    func index(of value: Double, rounding: FloatingPointRoundingRule) -> Int {
        let exact = value / self.value(1)
        let nearest = exact.rounded()
        // A value that is a tick but for rounding errors is that tick.
        let index = abs(exact - nearest) < 1e-9 * max(1, abs(exact)) ? nearest : exact.rounded(rounding)
        return Int(min(max(index, -1e15), 1e15))
    }
}
