import LinkControl
import WireFormat

/// Sends everything at once, whatever the link does: what streams at a fixed rung are without any control.
struct UnlimitedController: Baseline {
    private(set) var log = PacketLog()

    /// Makes one.
    init() {}

    var state: LinkState { .steady }
    var rate: BitRate { .megabitsPerSecond(100_000) }
    var nextDeadline: MonotonicInstant? { nil }

    mutating func advance(to now: MonotonicInstant) {}
    mutating func packetSent(_ sequence: UInt32, bytes: Int, now: MonotonicInstant) {
        log.sent(sequence, bytes: bytes, now: now)
    }
    mutating func received(_ report: Report, now: MonotonicInstant) {
        _ = log.settle(report, now: now)
    }
    mutating func pathChanged(now: MonotonicInstant) { log.forgetAll() }
    func sendBudget(now: MonotonicInstant) -> Int { 1 << 30 }
    func budgetReaches(_ bytes: Int, now: MonotonicInstant) -> MonotonicInstant? { now }
}
