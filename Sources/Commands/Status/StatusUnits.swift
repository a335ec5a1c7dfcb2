/// The units that status documents put into their keys.
enum StatusUnits {
    private static let suffixes = ["_bits_per_second", "_milliseconds", "_ms", "_seconds", "_fraction"]

    /// The key without its unit; "bytes" stays, since a count often stands beside them.
    static func name(_ key: String) -> String {
        guard let suffix = suffixes.first(where: { key.hasSuffix($0) && key.utf8.count > $0.utf8.count })
        else {
            return key
        }
        return String(key.dropLast(suffix.count))
    }

    /// The number with the unit that its key names.
    static func format(_ key: String, _ number: Double) -> String {
        if key.hasSuffix("_bits_per_second") {
            return scaled(number, 1000, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"])
        }
        if key.hasSuffix("_bytes") { return scaled(number, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]) }
        if key.hasSuffix("_ms") || key.hasSuffix("_milliseconds") { return "\(rounded(number)) ms" }
        if key.hasSuffix("_seconds") { return "\(rounded(number)) s" }
        if key.hasSuffix("_fraction") { return "\(rounded(number * 100)) %" }
        return rounded(number)
    }

    private static func scaled(_ number: Double, _ step: Double, _ units: [String]) -> String {
        var value = number
        var unit = 0
        while abs(value) >= step, unit < units.count - 1 {
            value /= step
            unit += 1
        }
        return "\(rounded(value)) \(units[unit])"
    }

    /// Whole numbers in full, others with three significant digits.
    private static func rounded(_ number: Double) -> String {
        if let integer = Int64(exactly: number) { return "\(integer)" }
        guard number.isFinite else { return "\(number)" }
        if abs(number) >= 100 { return abs(number) < 1e15 ? "\(Int64(number.rounded()))" : "\(number)" }
        let scale = abs(number) >= 10 ? 10.0 : abs(number) >= 1 ? 100.0 : 1000.0
        let value = (number * scale).rounded() / scale
        // What three decimals would hide keeps its exponent.
        return value == 0 ? "\(number)" : Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
