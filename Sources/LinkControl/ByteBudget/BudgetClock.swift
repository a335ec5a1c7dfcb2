import WireFormat

/// The time that periods are told by: the wall clock's, as far as it can be believed.
///
/// A gateway without a real-time clock starts in 1970, or at its last shutdown, until it hears of the time. So an
/// unsynchronised clock is believed forwards only; while it is behind what was known before, time goes on from
/// there by the monotonic clock. A synchronised clock is believed both ways; a step back of up to an hour is
/// waited for instead, so that no period ends twice.
struct BudgetClock: Sendable {
    /// What became of the time.
    struct Move: Sendable {
        /// Whether the time is not just what passed since the last look.
        var isStep = false
        /// Seconds that passed.
        var elapsed = 0.0
    }

    /// Nanoseconds since 1970.
    private(set) var time: Int64
    /// Whether the wall clock is known to be behind: before what was known already, or before Weir was written.
    private(set) var isBehind: Bool
    private(set) var isSynchronized: Bool
    private var wall: Int64
    private var readAt: MonotonicInstant
    private var now: MonotonicInstant

    /// A step back up to this is waited for, in nanoseconds; one further either way is no drift.
    static let largestDrift: Int64 = 3_600_000_000_000
    /// 2025-01-01 in nanoseconds. No clock that is right tells an earlier time.
    static let earliest: Int64 = 1_735_689_600_000_000_000

    /// Starts from what is known, `time` nanoseconds since 1970; the first look at the wall clock is to follow.
    init(time: Int64, isBehind: Bool, now: MonotonicInstant) {
        self.time = time
        self.isBehind = isBehind
        isSynchronized = false
        wall = time
        readAt = now
        self.now = now
    }

    /// The time in seconds since 1970.
    var seconds: Double { Double(time) / 1e9 }

    /// Looks at the wall clock.
    mutating func read(_ wall: WallTime, isSynchronized: Bool, now: MonotonicInstant) -> Move {
        self.wall = wall.nanoseconds
        self.isSynchronized = isSynchronized
        readAt = now
        return advance(to: now)
    }

    /// Lets time pass.
    mutating func advance(to now: MonotonicInstant) -> Move {
        let elapsed = max(0, self.now.duration(to: now).wholeNanoseconds)
        let expected = time.addingReportingOverflow(elapsed).partialValue
        let clock = wall &+ readAt.duration(to: now).wholeNanoseconds
        self.now = max(self.now, now)
        let wasBehind = isBehind
        isBehind = !isSynchronized && (time - clock > Self.largestDrift || clock < Self.earliest)
        if clock >= time || isSynchronized && time - clock > Self.largestDrift {
            time = clock
        } else if isBehind {
            time = expected
        }
        let isStep = abs(time - expected) > Self.largestDrift || wasBehind && !isBehind
        return Move(isStep: isStep, elapsed: Double(elapsed) / 1e9)
    }
}
