public import WireFormat

/// Decides how much may be sent, from reports alone: ladder-adaptive delay control, first form.
///
/// Two loops. A slow rate follows queueing delay against a 30 s base and losses above those that the link has
/// by itself; a window of bytes in flight cuts in as soon as reports stay away. Growth is carried by payload
/// (frames at finer rungs), so the rate is capped at a multiple of what was really acknowledged; without
/// congestion it is never lowered for lack of traffic. Silence lowers the rate, an outage leaves one small packet
/// every 1 to 3 s, the first report ends it.
///
/// A pure value: every call names the time, and time must not go back. Call `advance(to:)` at `nextDeadline`.
public struct LinkController: RateController {
    /// What the controller was told about its traffic.
    public let configuration: LinkConfiguration
    /// What the link does.
    public internal(set) var state = LinkState.starting
    /// Outages since the start.
    public internal(set) var outages = 0
    /// Reports that named packets never sent, or no longer remembered.
    public internal(set) var implausibleReports = 0
    /// Reports that told nothing new: duplicates, overtaken ones.
    public internal(set) var repeatedReports = 0
    /// The queueing delay of the last report, in seconds.
    var queueDelaySeconds = 0.0

    /// bit/s.
    var bitsPerSecond: Double
    /// Bytes that may be sent at `creditTime`, at the rate alone; negative after packets beyond the budget.
    var credit: Double
    var creditTime: MonotonicInstant
    /// An average of packet sizes, IP-level bytes.
    var packetBytes: Double

    var history: SentPacketHistory
    var delays: DelayEstimator
    var losses = LossEstimator()
    var delivery: DeliveryMeter
    var roundTrips: WindowedMinimum
    var smoothedRoundTripSeconds: Double?
    var reportIntervalSeconds = LinkConstants.reportInterval.upperBound

    var lastReport: MonotonicInstant?
    var lastUpdate: MonotonicInstant
    var lastDecrease: MonotonicInstant?
    /// Whether the rate still grows fast.
    var growsFast = true

    /// Whether the interface has no carrier.
    var carrierIsDown = false
    /// Whether the network refused a packet since the last report.
    var isRefused = false

    /// When the first packet was sent that no report has answered since; nil when all are answered.
    var unansweredSince: MonotonicInstant?
    /// Packets sent since then.
    var unansweredPackets = 0
    /// When enough packets were unanswered for silence to count; one lost packet of a sparse stream is not enough.
    var silentFrom: MonotonicInstant?
    var lastSent: MonotonicInstant?
    /// The rate before silence began to lower it.
    var rateBeforeSilence: Double
    var nextSilenceStep: MonotonicInstant?
    var nextProbe: MonotonicInstant
    var probeIntervalSeconds = LinkConstants.probeInterval.lowerBound

    /// Makes a controller of a path that nothing is known about.
    public init(configuration: LinkConfiguration, now: MonotonicInstant) {
        self.configuration = configuration
        bitsPerSecond = configuration.initialRate.bitsPerSecond
        rateBeforeSilence = bitsPerSecond
        packetBytes = Double(configuration.basePacketBytes)
        credit = 0
        creditTime = now
        history = SentPacketHistory()
        delays = DelayEstimator(now: now)
        delivery = DeliveryMeter(now: now)
        roundTrips = WindowedMinimum(
            seconds: LinkConstants.baseDelayWindow, parts: LinkConstants.baseDelayParts, now: now)
        lastUpdate = now
        nextProbe = now
        credit = burstBytes
    }

    /// The rate that packets may be sent at, counted at the IP level.
    public var rate: BitRate { BitRate(bitsPerSecond: bitsPerSecond) }

    /// The averaged time from a packet to the report of it, the collector's wait included; nil before any report.
    public var smoothedRoundTrip: Duration? {
        smoothedRoundTripSeconds.map { .nanoseconds(Int64($0 * 1e9)) }
    }

    /// The queueing delay in the last report.
    public var queueDelay: Duration { .nanoseconds(Int64(queueDelaySeconds * 1e9)) }

    /// The averaged share of packets lost, 0...1.
    public var loss: Double { losses.shown }

    /// IP-level bytes that were sent and are neither reported nor given up.
    public var bytesInFlight: Int { history.bytesInFlight }

    /// Counts a packet as sent, whether or not the budget allowed it.
    ///
    /// - Parameters:
    ///   - sequence: the packet's, above all before; any packet that the collector reports counts.
    ///   - bytes: its IP-level size.
    public mutating func packetSent(_ sequence: UInt32, bytes: Int, now: MonotonicInstant) {
        advance(to: now)
        accrue(to: now)
        // What is sent beyond the budget is owed, up to the largest packet: else packets that may be sent at any
        // time, like a hello, would be free on a slow link.
        credit = max(credit - Double(bytes), -max(burstBytes, Double(LinkConstants.largestPacket)))
        packetBytes += (Double(bytes) - packetBytes) / 8
        history.insert(sequence: sequence, bytes: bytes, now: now)
        lastSent = now
        countUnanswered(1, now: now)
        if isOutage {
            nextProbe = now.advanced(bySeconds: probeIntervalSeconds)
            probeIntervalSeconds = min(
                probeIntervalSeconds * LinkConstants.probeIntervalGrowth,
                LinkConstants.probeInterval.upperBound)
        }
    }

    /// Starts anew on another path (an address changed): the delays of the old one mean nothing.
    public mutating func pathChanged(now: MonotonicInstant) {
        advance(to: now)
        history.forgetAll()
        delays.reset(now: now)
        roundTrips.reset(now: now)
        delivery.reset(now: now)
        losses = LossEstimator()
        smoothedRoundTripSeconds = nil
        queueDelaySeconds = 0
        bitsPerSecond = min(max(bitsPerSecond, rateBeforeSilence), configuration.initialRate.bitsPerSecond)
        growsFast = true
        lastDecrease = nil
        carrierIsDown = false
        isRefused = false
        endSilence(state: .starting)
    }
}
