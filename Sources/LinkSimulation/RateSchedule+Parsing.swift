extension RateSchedule {
    /// Reads a schedule such as `0s=2Mbit/s,10s=20kbit/s,40.5s=2Mbit/s`.
    ///
    /// Times have the units `ms`, `s` or `min`, rates the units of ``rate(parsing:)``.
    public init(parsing text: String) throws(LinkDescriptionError) {
        var steps: [Step] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2 else {
                throw LinkDescriptionError("'\(part)' is no step; a step looks like 10s=200kbit/s")
            }
            steps.append(
                Step(
                    start: try Self.time(parsing: String(sides[0])),
                    bitsPerSecond: try Self.rate(parsing: String(sides[1]))))
        }
        try self.init(steps: steps)
    }

    /// Reads a rate such as `200kbit/s` in bits per second; units are `bit/s`, `kbit/s`, `Mbit/s` and `Gbit/s`.
    public static func rate(parsing text: String) throws(LinkDescriptionError) -> Int {
        let units = [("kbit/s", 1e3), ("Mbit/s", 1e6), ("Gbit/s", 1e9), ("bit/s", 1)]
        guard let value = number(in: text, units: units), value <= Double(maximumRate) else {
            throw LinkDescriptionError(
                "'\(text)' is no rate; allowed are 0bit/s to 100Gbit/s, such as 200kbit/s")
        }
        return Int(value.rounded())
    }

    private static func time(parsing text: String) throws(LinkDescriptionError) -> Duration {
        guard let value = number(in: text, units: [("ms", 1e6), ("min", 60e9), ("s", 1e9)]), value <= 1e18
        else {
            throw LinkDescriptionError("'\(text)' is no time; allowed are ms, s and min, such as 10s")
        }
        return .nanoseconds(Int64(value.rounded()))
    }

    /// The decimal number before the first unit that fits, in that unit; not negative.
    private static func number(in text: String, units: [(name: String, factor: Double)]) -> Double? {
        let trimmed = text.drop { $0 == " " }
        for unit in units where trimmed.hasSuffix(unit.name) {
            let digits = trimmed.dropLast(unit.name.count)
            let isDecimal = digits.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
            guard isDecimal, let value = Double(digits) else { return nil }
            return value * unit.factor
        }
        return nil
    }
}
