/// Numbers as decimal text with a fixed number of places; the same text on every machine and in every locale.
public enum DecimalText {
    /// The value with `places` digits after the point, halves rounded away from zero; "–" when it is not finite.
    ///
    /// Values beyond ±9·10¹⁸ / 10^`places` are shown as the nearest that fits.
    public static func fixed(_ value: Double, places: Int, grouping: Bool = false) -> String {
        precondition(places >= 0 && places <= 9, "0 to 9 places")
        guard value.isFinite else { return "–" }
        let scaled = (value * Double(powerOfTen(places))).rounded(.toNearestOrAwayFromZero)
        let limit = 9e18
        return text(Int(min(max(scaled, -limit), limit)), places: places, grouping: grouping)
    }

    /// The value with `places` digits at most: zeros at the end, and then the point, are left out.
    static func shortest(_ value: Double, places: Int) -> String {
        var text = fixed(value, places: places)
        guard text.contains(".") else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text == "-0" ? "0" : text
    }

    /// `unscaled` / 10^`places` as text.
    static func text(_ unscaled: Int, places: Int, grouping: Bool) -> String {
        let divisor = powerOfTen(places)
        let magnitude = unscaled.magnitude
        var whole = String(magnitude / UInt(divisor))
        if grouping { whole = grouped(whole) }
        let sign = unscaled < 0 ? "-" : ""
        guard places > 0 else { return sign + whole }
        let fraction = String(magnitude % UInt(divisor))
        return sign + whole + "." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    /// The digits in groups of three.
    private static func grouped(_ digits: String) -> String {
        var result = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// 10^`exponent` for exponents from 0 to 18.
    static func powerOfTen(_ exponent: Int) -> Int {
        precondition(exponent >= 0 && exponent <= 18, "a power of ten that an Int holds")
        return (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}
