/// Quantities written as a number and a unit, counted in a smallest unit.
struct UnitScale {
    /// Unit names with their sizes in the smallest unit, smallest first.
    let units: [(name: String, size: Int64)]

    /// Durations, in nanoseconds.
    static let duration = UnitScale(units: [
        ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000),
        ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ])

    /// Sizes, in bytes.
    static let size = UnitScale(units: [
        ("B", 1), ("kB", 1_000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20), ("GB", 1_000_000_000),
        ("GiB", 1 << 30), ("TiB", 1 << 40),
    ])

    /// Rates, in bits per second.
    static let rate = UnitScale(units: [
        ("bit/s", 1), ("kbit/s", 1_000), ("Mbit/s", 1_000_000), ("Gbit/s", 1_000_000_000),
    ])

    /// The unit names for messages: "us, ms, s".
    var names: String { units.map(\.name).joined(separator: ", ") }

    /// The quantity that `text` says: digits, at most three decimals, and one of the units.
    func parse(_ text: String) throws(SettingProblem) -> Int64 {
        let whole = text.prefix { $0.isASCII && $0.isNumber }
        var rest = text.dropFirst(whole.count)
        var decimals: Substring = ""
        if rest.first == "." {
            decimals = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(decimals.count + 1)
            guard (1...3).contains(decimals.count) else {
                throw SettingProblem("\(quoted(text)) needs one to three digits after its point")
            }
        }
        guard !whole.isEmpty else { throw SettingProblem("\(quoted(text)) does not begin with a number") }
        guard !rest.isEmpty else { throw SettingProblem("\(quoted(text)) has no unit") }
        guard let unit = units.first(where: { $0.name == rest }) else {
            throw SettingProblem("\(quoted(text)) has an unknown unit")
        }
        guard let number = Int64(whole), let fraction = Int64(decimals.isEmpty ? "0" : decimals) else {
            throw SettingProblem("\(quoted(text)) is out of range")
        }
        let product = number.multipliedReportingOverflow(by: unit.size)
        // At most 999 days in nanoseconds: no overflow.
        let part = unit.size * fraction / [1, 10, 100, 1000][decimals.count]
        let sum = product.partialValue.addingReportingOverflow(part)
        guard !product.overflow, !sum.overflow else {
            throw SettingProblem("\(quoted(text)) is out of range")
        }
        return sum.partialValue
    }

    /// `quantity` in the largest unit that gives a whole number.
    func format(_ quantity: Int64) -> String {
        let unit = units.last { quantity % $0.size == 0 && quantity >= $0.size } ?? units[0]
        return "\(quantity / unit.size)\(unit.name)"
    }
}
