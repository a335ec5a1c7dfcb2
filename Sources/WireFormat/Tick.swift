/// A time of a run on the wire: 250 µs units of the agent's monotonic clock since the run's epoch.
///
/// The hello says once which wall time tick zero was (`wallAtTickZero`), and that never changes in a run, so a
/// frame's agent time is the same for everybody whatever NTP does to the gateway's clock meanwhile. Data packets
/// carry the low 24 bits of the tick they were sent at, which wrap every 70 minutes; frames carry their age.
public struct Tick: Sendable, Hashable, Comparable {
    /// Length of a tick in nanoseconds.
    public static let nanoseconds: Int64 = 250_000

    /// No tick is further than this from the epoch (139 years), so that its nanoseconds fit in an Int64.
    public static let limit: Int64 = 1 << 44

    /// Ticks since the epoch, negative before it; within ±`limit`.
    public let count: Int64

    /// Creates a tick, held within ±`limit`.
    public init(_ count: Int64) {
        self.count = min(max(count, -Self.limit), Self.limit)
    }

    /// The tick a time after the epoch (rounded down).
    public init(sinceEpoch duration: Duration) {
        let nanoseconds = duration.wholeNanoseconds
        let quotient = nanoseconds / Self.nanoseconds
        self.init(nanoseconds % Self.nanoseconds < 0 ? quotient - 1 : quotient)
    }

    /// The tick with these low 24 bits that is nearest to `expected`.
    public init(low24: UInt32, near expected: Tick) {
        precondition(low24 < 1 << 24, "24 bits")
        let difference = (Int64(low24) - expected.count) & 0xFF_FFFF
        self.init(expected.count + (difference < 1 << 23 ? difference : difference - 1 << 24))
    }

    /// The low 24 bits, as a data packet carries them.
    public var low24: UInt32 { UInt32(truncatingIfNeeded: count & 0xFF_FFFF) }

    /// The tick `ticks` later (earlier if negative).
    public func advanced(by ticks: Int64) -> Tick {
        Tick(count.addingSaturating(ticks))
    }

    /// The time of day of this tick in a run whose tick zero was at `wallAtTickZero`.
    public func wallTime(wallAtTickZero: WallTime) -> WallTime {
        WallTime(nanoseconds: wallAtTickZero.nanoseconds.addingSaturating(count * Self.nanoseconds))
    }

    /// Whether `left` is the earlier one.
    public static func < (left: Tick, right: Tick) -> Bool {
        left.count < right.count
    }
}
