import LinkControl
import WireFormat

/// A window that grows by a packet each round trip and is halved by loss, in the manner of TCP Reno (RFC 5681):
/// congestion is what it looks for, and a queue what it fills.
struct AdditiveIncreaseController: Baseline {
    /// Bytes of a full packet.
    private static let segment = 1_228.0
    /// RFC 6928.
    private static let initialWindow = 10 * segment
    /// Nanoseconds without a report after which the window starts anew, RFC 6298.
    private static let leastTimeout = 1e9

    private(set) var log = PacketLog()
    private var window = Self.initialWindow
    private var slowStartEnd = Double.infinity
    private var lastDecrease: Int64 = .min
    /// When the timeout strikes; nil while nothing is in flight.
    private var timeout: MonotonicInstant?
    private var timeoutFactor = 1.0
    /// The most bytes in flight since the last report: a window that is not used does not grow.
    private var mostInFlight = 0

    /// Makes one.
    init() {}

    var state: LinkState { window < slowStartEnd ? .starting : .probing }
    var rate: BitRate { BitRate(bitsPerSecond: window * 8e9 / (log.smoothedRoundTrip ?? 1e9)) }
    var nextDeadline: MonotonicInstant? { timeout }

    mutating func advance(to now: MonotonicInstant) {
        guard let timeout, now >= timeout else { return }
        // What was in flight is given up; one packet at a time asks again.
        slowStartEnd = max(Double(log.bytesInFlight) / 2, 2 * Self.segment)
        window = Self.segment
        log.forgetAll()
        timeoutFactor = min(2 * timeoutFactor, 60)
        self.timeout = nil
    }

    mutating func packetSent(_ sequence: UInt32, bytes: Int, now: MonotonicInstant) {
        log.sent(sequence, bytes: bytes, now: now)
        mostInFlight = max(mostInFlight, log.bytesInFlight)
        if timeout == nil { restartTimeout(now) }
    }

    mutating func received(_ report: Report, now: MonotonicInstant) {
        let fates = log.settle(report, now: now)
        guard !fates.isEmpty else { return }
        timeoutFactor = 1
        if fates.contains(where: { $0.arrival == nil && $0.sent > lastDecrease }) {
            window = max(window / 2, 2 * Self.segment)
            slowStartEnd = window
            lastDecrease = now.nanoseconds
        } else if 2 * Double(mostInFlight) > window {
            let bytes = Double(fates.reduce(0) { $0 + $1.bytes })
            window += window < slowStartEnd ? bytes : Self.segment * bytes / window
        }
        mostInFlight = log.bytesInFlight
        restartTimeout(now)
    }

    mutating func pathChanged(now: MonotonicInstant) {
        self = AdditiveIncreaseController()
    }

    func sendBudget(now: MonotonicInstant) -> Int { max(0, Int(window) - log.bytesInFlight) }
    func budgetReaches(_ bytes: Int, now: MonotonicInstant) -> MonotonicInstant? {
        bytes <= sendBudget(now: now) ? now : nil
    }

    private mutating func restartTimeout(_ now: MonotonicInstant) {
        let wait = max(Self.leastTimeout, 2 * (log.smoothedRoundTrip ?? 0)) * timeoutFactor
        timeout = log.bytesInFlight > 0 ? now + .nanoseconds(Int64(wait)) : nil
    }
}
