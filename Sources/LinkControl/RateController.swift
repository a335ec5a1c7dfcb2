public import WireFormat

/// What an agent asks of whatever decides how much may be sent.
///
/// `LinkController` is the one that agents run. Others exist to be measured against it in simulations, over the
/// same cores and packets. Implementations are pure values: every call names the time, and time does not go back.
public protocol RateController: Sendable {
    /// What the link does.
    var state: LinkState { get }
    /// The rate that packets may be sent at, counted at the IP level.
    var rate: BitRate { get }
    /// The averaged time from a packet to the report of it; nil before any.
    var smoothedRoundTrip: Duration? { get }
    /// The queueing delay in the last report.
    var queueDelay: Duration { get }
    /// The averaged share of packets lost, 0...1.
    var loss: Double { get }
    /// IP-level bytes that were sent and are neither reported nor given up.
    var bytesInFlight: Int { get }
    /// Outages since the start.
    var outages: Int { get }
    /// When `advance(to:)` has something to do; nil when only a packet or a report changes anything.
    var nextDeadline: MonotonicInstant? { get }

    /// Lets time pass.
    mutating func advance(to now: MonotonicInstant)
    /// Counts a packet as sent; `sequence` is above all before, `bytes` its IP-level size.
    mutating func packetSent(_ sequence: UInt32, bytes: Int, now: MonotonicInstant)
    /// Takes a report.
    mutating func received(_ report: Report, now: MonotonicInstant)
    /// Starts anew on another path.
    mutating func pathChanged(now: MonotonicInstant)
    /// Hears that the carrier of the interface that packets leave by went away or came back: a hint that shortens
    /// the reaction, and never replaces reports.
    mutating func carrierChanged(isUp: Bool, now: MonotonicInstant)
    /// Hears that the network or the upstream's host refused a packet: a hint, which may be forged.
    mutating func networkRefused(now: MonotonicInstant)
    /// IP-level bytes that may be sent now; `advance(to:)` was called before.
    func sendBudget(now: MonotonicInstant) -> Int
    /// When the budget reaches `bytes` if no report comes before; nil when only a report can make it so.
    func budgetReaches(_ bytes: Int, now: MonotonicInstant) -> MonotonicInstant?
    /// Whether a packet is wanted just to be answered.
    func wantsProbe(now: MonotonicInstant) -> Bool
}

extension RateController {
    /// Whether only a small packet now and then may be sent.
    public var isOutage: Bool {
        if case .outage = state { true } else { false }
    }
}
