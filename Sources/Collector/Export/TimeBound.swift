/// A moment given on the command line: `2026-11-24T06:30:00Z`, `2026-11-24` or seconds since 1970.
public struct TimeBound: Sendable, Hashable {
    /// Nanoseconds since 1970.
    public let nanoseconds: Int64

    /// What is allowed, for messages.
    public static let allowed =
        "a UTC time such as 2026-11-24T06:30:00Z, a date, or seconds since 1970 such as 1795501800.5"

    /// Creates a bound from nanoseconds since 1970.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Parses one of the forms, or returns nil.
    public init?(_ text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let nanoseconds = scanner.isDate ? scanner.date() : scanner.seconds(), scanner.isAtEnd else {
            return nil
        }
        self.nanoseconds = nanoseconds
    }
}

extension TimeBound {
    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position == bytes.count }
        var isDate: Bool { bytes.count >= 10 && bytes[4] == UInt8(ascii: "-") }

        mutating func take(_ character: Character) -> Bool {
            guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
            position += 1
            return true
        }

        mutating func number(digits: ClosedRange<Int>) -> (value: Int64, digits: Int)? {
            var value: Int64 = 0
            let start = position
            while position < bytes.count, position - start < digits.upperBound {
                let digit = bytes[position] &- UInt8(ascii: "0")
                guard digit < 10 else { break }
                value = value * 10 + Int64(digit)
                position += 1
            }
            let count = position - start
            return digits.contains(count) ? (value, count) : nil
        }

        mutating func number(digits: Int, in range: ClosedRange<Int64>) -> Int64? {
            guard let number = number(digits: digits...digits), range.contains(number.value) else {
                return nil
            }
            return number.value
        }

        /// The digits after a decimal point, in nanoseconds; 0 without a point.
        mutating func fraction() -> Int64? {
            guard take(".") else { return 0 }
            guard let number = number(digits: 1...9) else { return nil }
            return (number.digits..<9).reduce(number.value) { value, _ in value * 10 }
        }

        mutating func seconds() -> Int64? {
            guard let whole = number(digits: 1...10), let fraction = fraction(), whole.value < 9_000_000_000
            else { return nil }
            return whole.value * 1_000_000_000 + fraction
        }

        mutating func date() -> Int64? {
            guard let year = number(digits: 4, in: 1970...2200), take("-"),
                let month = number(digits: 2, in: 1...12), take("-"),
                let day = number(digits: 2, in: 1...Self.days(year: year, month: month))
            else { return nil }
            let midnight = Self.daysSince1970(year: year, month: month, day: day) * 86_400
            if isAtEnd { return midnight * 1_000_000_000 }
            guard take("T") || take(" "), let hour = number(digits: 2, in: 0...23), take(":"),
                let minute = number(digits: 2, in: 0...59)
            else { return nil }
            var second: Int64 = 0
            var fraction: Int64 = 0
            if take(":") {
                guard let whole = number(digits: 2, in: 0...59), let rest = self.fraction() else {
                    return nil
                }
                second = whole
                fraction = rest
            }
            guard take("Z") else { return nil }
            return (midnight + hour * 3_600 + minute * 60 + second) * 1_000_000_000 + fraction
        }

        static func days(year: Int64, month: Int64) -> Int64 {
            switch month {
            case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }

        /// Days from 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, `days_from_civil`).
        static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
            let shifted = month <= 2 ? year - 1 : year
            let era = shifted / 400
            let yearOfEra = shifted - era * 400
            let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
            return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        }
    }
}
