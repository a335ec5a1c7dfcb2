/// What a link can carry over time.
public enum LinkCapacity: Sendable, Hashable {
    /// Rates between given times; a packet is serialised bit by bit.
    case schedule(RateSchedule)
    /// Recorded opportunities.
    case trace(LinkTrace)

    /// The bits that the link could carry between two times since its start.
    public func bits(from start: Duration, to end: Duration) -> Double {
        switch self {
        case .schedule(let schedule): schedule.bits(from: start, to: end)
        case .trace(let trace): trace.bits(from: start, to: end)
        }
    }

    /// The rate by which a queue limit in time is measured: that of the moment, or a trace's mean.
    func bitsPerSecond(at time: Duration) -> Double {
        switch self {
        case .schedule(let schedule): Double(schedule.bitsPerSecond(at: time))
        case .trace(let trace): trace.meanBitsPerSecond
        }
    }
}
