extension Duration {
    /// The duration in nanoseconds, rounded towards zero, held at the ends of Int64's range (292 years).
    public var wholeNanoseconds: Int64 {
        let parts = components
        let (seconds, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return parts.seconds < 0 ? .min : .max }
        return seconds.addingSaturating(parts.attoseconds / 1_000_000_000)
    }
}

extension Int64 {
    /// The sum, held at the ends of the range.
    func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
