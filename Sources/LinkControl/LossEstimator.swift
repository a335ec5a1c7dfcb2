/// Tells the losses of a congested link from those that a link has by itself.
///
/// The link's own loss is learnt while its queue is empty; only what exceeds it counts as congestion. Without
/// that a link with 5 % random loss is never used.
struct LossEstimator: Sendable {
    /// The share of packets that the link loses by itself, 0...0.25.
    private(set) var baseline = 0.0
    /// The averaged share of packets lost beyond that, 0...1.
    private(set) var congestive = 0.0
    /// The averaged share of lost packets, for people.
    private(set) var shown = 0.0
    private var packets = 0

    /// Whether enough packets were reported for loss to lower the rate.
    var counts: Bool { packets >= LinkConstants.packetsBeforeLossCounts }

    /// Adds what one report told.
    mutating func add(received: Int, lost: Int, queueIsEmpty: Bool) {
        let total = Double(received + lost)
        guard total > 0 else { return }
        packets = min(packets + received + lost, LinkConstants.packetsBeforeLossCounts)
        let share = Double(lost) / total
        if queueIsEmpty {
            let target = min(share, LinkConstants.lossBaselineLimit)
            baseline += (target - baseline) * min(1, total / LinkConstants.lossBaselinePackets)
        }
        let allowed = LinkConstants.lossBaselineMargin * baseline * total + LinkConstants.lossAllowance
        let excess = max(0, Double(lost) - allowed) / total
        congestive += (excess - congestive) * min(1, total / LinkConstants.congestiveLossPackets)
        shown += (share - shown) * min(1, total / LinkConstants.shownLossPackets)
    }

    /// Forgets congestion, not the link's own loss: after a decrease the old losses must not count again.
    mutating func clearCongestion() {
        congestive = 0
    }
}
