/// When frames are due at a constant rate; times are nanoseconds of the monotonic clock.
///
/// Frame n is due at start + n / rate, computed from n each time, so that errors do not add up.
public struct FeedPace: Sendable, Hashable {
    /// The rate.
    public let framesPerSecond: Double
    /// When frame 0 is due.
    public let start: UInt64

    /// Creates a pace.
    public init(framesPerSecond: Double, start: UInt64) {
        precondition(framesPerSecond > 0, "a pace needs a rate")
        self.framesPerSecond = framesPerSecond
        self.start = start
    }

    /// When a frame is due.
    public func instant(ofFrame number: Int) -> UInt64 {
        start + UInt64((Double(number) * 1e9 / framesPerSecond).rounded(.up))
    }

    /// How many frames are due by `now`.
    public func framesDue(at now: UInt64) -> Int {
        guard now >= start else { return 0 }
        var count = Int(Double(now - start) * framesPerSecond / 1e9)
        // Rounding may leave the estimate off by one in either direction.
        while instant(ofFrame: count) <= now { count += 1 }
        while count > 0, instant(ofFrame: count - 1) > now { count -= 1 }
        return count
    }
}
