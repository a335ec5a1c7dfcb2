import LinkControl
import WireFormat

/// Knows what the link will carry, and sends as much as leaves room for what comes next.
///
/// For the batch h that is sent (h − 1) intervals from now, each within the look-ahead, it takes the bytes that the
/// link delivers before the deadline of the batch's oldest frame, less those that wait in the queue, and gives this
/// batch its even share; the least of them holds. It knows nothing of chance losses, of other traffic, and of what
/// waits in the agent: frames that take more bytes than their rung's mean are left for the next batch and may be late.
/// So it is no bound for what a controller can do, but a measure of what knowing the link is worth to this agent.
struct OracleController: Baseline {
    /// What the oracle is told.
    struct Configuration: Sendable {
        /// The link, whose losses are ignored.
        var link: LinkModel.Configuration
        /// When its trace or schedule started.
        var origin: MonotonicInstant
        /// Time between two batches: the streams' latency budget.
        var interval: Duration
        /// The age up to which a frame is on time.
        var deadline: Duration
        /// IP-level bit/s of all streams at their cheapest rungs, which come first.
        var baseBitsPerSecond: Double
    }

    /// How far it looks ahead.
    private static let lookAhead = Duration.milliseconds(200)

    private let configuration: Configuration
    private var link: LinkModel
    private(set) var log = PacketLog()
    /// The batch that is being sent: when, and what is left of it.
    private var batchStart: MonotonicInstant
    private var batchBudget = 0

    /// Makes one for packets from `now` on.
    init(configuration: Configuration, now: MonotonicInstant) {
        var lossless = configuration.link
        lossless.lossProbability = 0
        self.configuration = configuration
        link = LinkModel(configuration: lossless, origin: configuration.origin, seed: 0)
        batchStart = now - configuration.interval
    }

    var state: LinkState { .steady }
    var rate: BitRate { .megabitsPerSecond(100_000) }
    var nextDeadline: MonotonicInstant? { nil }

    mutating func advance(to now: MonotonicInstant) {}

    mutating func packetSent(_ sequence: UInt32, bytes: Int, now: MonotonicInstant) {
        if now != batchStart {
            batchBudget = freshBudget(now: now)
            batchStart = now
        }
        batchBudget -= bytes
        _ = link.enqueue(bytes: bytes, at: now)
        log.sent(sequence, bytes: bytes, now: now)
    }

    mutating func received(_ report: Report, now: MonotonicInstant) {
        _ = log.settle(report, now: now)
    }

    mutating func pathChanged(now: MonotonicInstant) { log.forgetAll() }

    func sendBudget(now: MonotonicInstant) -> Int {
        now == batchStart ? max(0, batchBudget) : freshBudget(now: now)
    }

    /// The first time on a grid of 5 ms within the look-ahead.
    func budgetReaches(_ bytes: Int, now: MonotonicInstant) -> MonotonicInstant? {
        var instant = now
        while instant <= now + Self.lookAhead {
            if sendBudget(now: instant) >= bytes { return instant }
            instant = instant + .milliseconds(5)
        }
        return instant
    }

    private func freshBudget(now: MonotonicInstant) -> Int {
        let interval = Double(configuration.interval.wholeNanoseconds)
        // A batch holds what was captured since the last one; frames that did not fit wait as long again at most.
        let age = min(max(Double(now.nanoseconds - batchStart.nanoseconds), 1e6), 2 * interval)
        let waiting = Double(link.backlog(at: now))
        let first =
            now + (configuration.deadline - configuration.link.propagationDelay)
            - .nanoseconds(Int64(age))
        let deliverable = link.capacityBits(from: now, to: first) / 8 - waiting
        var least = deliverable
        var later = configuration.interval
        while later <= Self.lookAhead {
            let bytes = link.capacityBits(from: now, to: first + later) / 8 - waiting
            let share = age / (age + Double(later.wholeNanoseconds))
            least = min(least, bytes * share)
            later += configuration.interval
        }
        let base = configuration.baseBitsPerSecond / 8 * age / 1e9
        return Int(max(0, max(least, min(base, deliverable))))
    }
}
