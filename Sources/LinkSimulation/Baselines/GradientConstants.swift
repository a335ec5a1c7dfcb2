/// The constants of the delay-gradient controller: libwebrtc's and pion's, as in draft-ietf-rmcat-gcc-02 where the
/// draft has them.
enum GradientConstants {
    // Groups and trend line.

    /// ns. Packets sent within this make one group.
    static let groupLength: Int64 = 5_000_000
    /// Groups in the regression.
    static let window = 20
    static let smoothing = 0.9
    static let gain = 4.0
    /// The trend counts as many groups as this at most.
    static let maximumGroups = 60.0

    // Overuse detector; ms.

    static let initialThreshold = 12.5
    static let threshold = 6.0...600.0
    /// Per ms: how fast the threshold follows a trend above it, and below it.
    static let thresholdUp = 0.01
    static let thresholdDown = 0.000_18
    /// A trend further from the threshold than this does not move it.
    static let ignoredDistance = 15.0
    /// ms of a trend above the threshold that are overuse.
    static let overuseTime = 10.0

    // Rate.

    static let decrease = 0.85
    /// For each second.
    static let increase = 1.08
    /// The rate grows to this multiple of what comes, plus the constant in bit/s.
    static let throughputFactor = 1.5
    static let throughputMargin = 10_000.0
    /// s. Window of the throughput.
    static let throughputWindow = 0.5

    // Losses.

    static let lowLoss = 0.02
    static let highLoss = 0.10
    static let lossIncrease = 1.05
    /// s. Time between two increases by the loss controller, and between two decreases.
    static let lossPace = 0.2
    static let leastLossPackets = 10

    // Application-limited regions and probes.

    /// Share of the rate below which traffic is limited by the application, and above which no more.
    static let limitedUsage = 0.65
    static let unlimitedUsage = 0.80
    /// s. Time between two probes in such a region, and their rate against the estimate.
    static let probeInterval = 5.0
    static let probeFactor = 2.0
    static let initialProbeFactors = [3.0, 6.0]
    /// A result above this share of a probe's rate calls for the next one.
    static let furtherProbe = 0.7
    /// s. A probe lasts until its packets' worth, at least this long (one batch of frames).
    static let probeTime = 0.1
    static let leastProbePackets = 2
    /// A receive rate below this share of the send rate is the link's own; of it this share is taken.
    static let dispersedProbe = 0.9
    static let dispersedShare = 0.95
    /// After a drop below this share of the rate, within `probeInterval`, a probe tries that share of the old one.
    static let largeDrop = 0.66
    static let recoveryShare = 0.85

    // Sending.

    /// s. Of the rate that may be sent at once.
    static let burst = 0.1
}
