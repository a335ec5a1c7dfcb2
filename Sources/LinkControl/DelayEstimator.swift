import WireFormat

/// Queueing delay from send times on this clock and arrival times on the collector's.
///
/// The two clocks share no zero: delays are relative to the first report's, and the least of 30 s is the base.
struct DelayEstimator: Sendable {
    private struct Offset {
        /// The newest arrival so far, in ticks without wrap, counted from the first one.
        var arrivalTicks: Int64 = 0
        var arrivalLow: UInt32
        var sent: MonotonicInstant
    }

    private static let tickSeconds = 250e-6

    private var offset: Offset?
    private var base: WindowedMinimum
    private var implausibleInARow = 0

    init(now: MonotonicInstant) {
        base = WindowedMinimum(
            seconds: LinkConstants.baseDelayWindow, parts: LinkConstants.baseDelayParts, now: now)
    }

    /// Takes the newest packet of a report and gives its delay in seconds, relative to the first one's; nil when
    /// it cannot be one.
    mutating func newestDelay(arrival: UInt32, sent: MonotonicInstant, now: MonotonicInstant) -> Double? {
        guard var offset else {
            offset = Offset(arrivalLow: arrival, sent: sent)
            return 0
        }
        let step = Int64(Int32(bitPattern: arrival &- offset.arrivalLow))
        let ticks = offset.arrivalTicks + step
        let delay = Double(ticks) * Self.tickSeconds - sent.seconds(since: offset.sent)
        guard abs(delay) < LinkConstants.implausibleDelay else {
            implausibleInARow += 1
            if implausibleInARow >= LinkConstants.implausibleReportsBeforeNewOffset {
                reset(now: now)
            }
            return nil
        }
        implausibleInARow = 0
        // An overtaken report must not move the reference back by more than it can be unwrapped from.
        if step > 0 {
            offset.arrivalTicks = ticks
            offset.arrivalLow = arrival
            self.offset = offset
        }
        return delay
    }

    /// Adds one delay to the base.
    mutating func insert(_ delay: Double, now: MonotonicInstant) {
        base.insert(delay, now: now)
    }

    /// How far `delay` is above the base, in seconds.
    func aboveBase(_ delay: Double) -> Double {
        max(0, delay - min(base.value, delay))
    }

    /// Forgets base and offset: a new path or a new clock.
    mutating func reset(now: MonotonicInstant) {
        offset = nil
        base.reset(now: now)
        implausibleInARow = 0
    }
}
