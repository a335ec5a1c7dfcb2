/// The controller's constants, each with its unit and its reason.
///
/// They are the slow profile of ladder-adaptive delay control: about one rung less than the fast profile on
/// recorded cellular uplinks, and five points more of the frames on time. Times are seconds.
enum LinkConstants {
    // Queueing delay.

    /// s. Below this the queue counts as empty: growth is not damped and losses are the link's own.
    static let emptyQueue = 0.015
    /// s. From here on there is no growth. 30 ms is above the 10–20 ms steps of a cellular scheduler.
    static let growthEnd = 0.030
    /// s. Above this the link is congested; never more than `congestedShare` of the latency budget.
    static let congested = 0.048
    /// Share of the latency budget that the congestion threshold may take.
    static let congestedShare = 0.24
    /// s. The queue that the window allows; never more than `windowQueueShare` of the latency budget.
    static let windowQueue = 0.040
    /// Share of the latency budget that the window's queue may take.
    static let windowQueueShare = 0.2
    /// s. The base delay is the least of this long: short enough for clock drift (3 ms at 100 ppm) and routes.
    static let baseDelayWindow = 30.0
    /// Sub-minima in that window: forgetting happens in steps of 5 s.
    static let baseDelayParts = 6
    /// s. A one-way delay this far from the first one seen is no delay, but a broken or hostile report.
    static let implausibleDelay = 60.0
    /// Reports in a row that must be implausible before the clock offset is learnt anew.
    static let implausibleReportsBeforeNewOffset = 8

    // Rate.

    /// Factor of a decrease by delay.
    static let decrease = 0.7
    /// s. A queue this far above the threshold halves the decrease again.
    static let severeQueue = 0.200
    /// 1/s. Growth of the rate with an empty queue.
    static let growth = 0.35
    /// 1/s. Growth before the first congestion and after a long outage.
    static let startGrowth = 4.0
    /// s. This long after a decrease growth is doubled.
    static let calmTime = 3.0
    /// The rate may be this many times what is really acknowledged (or 1.1 × the largest rung ratio, if more):
    /// a rate that traffic never tested says nothing.
    static let headroom = 2.0
    /// Margin over the largest ratio of two rungs; with less the ladder sticks.
    static let rungHeadroom = 1.1
    /// bit/s. What the rate may always grow to, however little traffic there is.
    static let untestedRate = 30_000.0
    /// s. Shortest window for the acknowledged rate.
    static let deliveryWindow = 0.300
    /// s. The rate may be `headroom` times the highest acknowledged rate of this long.
    static let deliveryMaximumWindow = 1.0

    // Loss.

    /// Packets over which the link's own loss is learnt while its queue is empty.
    static let lossBaselinePackets = 150.0
    /// Highest learnt loss: above, sending more never helps.
    static let lossBaselineLimit = 0.25
    /// Losses up to this many times the learnt ones are the link's own.
    static let lossBaselineMargin = 1.5
    /// Packets a report may lose beyond the learnt share: one loss in a few packets proves nothing.
    static let lossAllowance = 0.3
    /// Packets over which congestive loss is averaged.
    static let congestiveLossPackets = 30.0
    /// Congestive loss that makes the link congested.
    static let congestiveLoss = 0.10
    /// Congestive loss below which the rate may grow.
    static let calmLoss = 0.02
    /// Packets that must have been reported before loss may lower the rate.
    static let packetsBeforeLossCounts = 20
    /// s. A packet missing from a report is lost when one sent this much later has come: reordering is shorter.
    static let reorderTime = 0.030
    /// Packets over which the loss shown to people is averaged.
    static let shownLossPackets = 100.0

    // Window.

    /// Smallest window, in base packets.
    static let windowBasePackets = 6
    /// s. Bounds of the collector's report interval, which is measured.
    static let reportInterval = 0.050...0.250

    // Silence.

    /// s. Without any report for this long (or `silenceRoundTrips`) the rate goes down.
    static let silence = 0.300
    static let silenceRoundTrips = 2.5
    /// How much sooner silence counts where the carrier is gone or a packet was refused: both agree then.
    static let hintedSilence = 0.5
    /// s. Time between decreases in silence, and the factor of each.
    static let silenceStep = 0.100
    static let silenceDecrease = 0.7
    /// s. Silence for this long (or `outageRoundTrips`) is an outage.
    static let outage = 1.0
    static let outageRoundTrips = 4.0
    /// Unanswered packets that silence needs: one lost packet on a sparse stream is no silence.
    static let silencePackets = 3
    /// s. Time between probes in an outage: 1 s growing to 3 s, RFC 8085 §3.1.3.
    static let probeInterval = 1.0...3.0
    static let probeIntervalGrowth = 1.5
    /// s. After an outage shorter than this the rate starts at half of what it was.
    static let shortOutage = 5.0
    /// s. Round trip before one is measured, RFC 8085 §3.1.1.
    static let initialRoundTrip = 1.0

    // Bounds.

    /// Packets remembered; older ones are forgotten as neither received nor lost.
    static let historyPackets = 4096
    /// IP-level bytes of the largest packet: 1,200 and the larger of the two IP and UDP overheads.
    static let largestPacket = 1248
}
