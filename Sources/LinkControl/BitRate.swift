/// A data rate, counted at the IP level.
public struct BitRate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Bits a second, never negative.
    public let bitsPerSecond: Double

    /// Makes a rate; traps when `bitsPerSecond` is negative or not finite.
    public init(bitsPerSecond: Double) {
        precondition(bitsPerSecond >= 0 && bitsPerSecond.isFinite, "a rate is finite and not negative")
        self.bitsPerSecond = bitsPerSecond
    }

    /// A rate in units of 1,000 bits a second.
    public static func kilobitsPerSecond(_ value: Double) -> BitRate {
        BitRate(bitsPerSecond: value * 1_000)
    }

    /// A rate in units of 1,000,000 bits a second.
    public static func megabitsPerSecond(_ value: Double) -> BitRate {
        BitRate(bitsPerSecond: value * 1_000_000)
    }

    /// Whether the first rate is the lower one.
    public static func < (left: BitRate, right: BitRate) -> Bool {
        left.bitsPerSecond < right.bitsPerSecond
    }

    /// The rate in the largest unit that keeps it at 1 or more, for people: `64 kbit/s`, `1.5 Mbit/s`.
    public var description: String {
        let (scaled, unit) =
            switch bitsPerSecond {
            case 1_000_000...: (bitsPerSecond / 1_000_000, "Mbit/s")
            case 1_000...: (bitsPerSecond / 1_000, "kbit/s")
            default: (bitsPerSecond, "bit/s")
            }
        let tenths = (scaled * 10).rounded()
        if scaled >= 100 || tenths.truncatingRemainder(dividingBy: 10) == 0 {
            return "\(Int(scaled.rounded())) \(unit)"
        }
        return "\(tenths / 10) \(unit)"
    }
}
