/// A time of day: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Wall clocks step and may be wrong by years on a gateway without a real-time clock; nothing is scheduled by
/// them.
public struct WallTime: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970.
    public var nanoseconds: Int64

    /// Creates a time.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The time `duration` later; the last possible one if that is past the end of time.
    public func advanced(by duration: Duration) -> WallTime {
        WallTime(nanoseconds: nanoseconds.addingSaturating(duration.wholeNanoseconds))
    }

    /// The time from this to `other`, negative if `other` was before.
    public func duration(to other: WallTime) -> Duration {
        .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
    }

    /// Whether `left` is the earlier one.
    public static func < (left: WallTime, right: WallTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
