import LinkControl
import WireFormat

/// A controller in the manner of WebRTC's: the trend of the queueing delay, losses, application-limited regions and
/// probes decide over a target rate.
///
/// Sources: draft-ietf-rmcat-gcc-02, libwebrtc and pion. Packets of one batch are not paced: a batch is coded for the
/// budget of its moment.
struct DelayGradientController: Baseline {
    private let configuration: LinkConfiguration
    private(set) var log = PacketLog()
    private var trend = DelayTrend()
    /// bit/s, by delay and by loss; the target is the lesser.
    private var delayRate: Double
    private var lossRate: Double

    private var arrivals: [(time: Int64, bytes: Int)] = []
    private var sends: [(time: Int64, bytes: Int)] = []
    private var lastUpdate: MonotonicInstant
    private var isHeld = false

    private var lostPackets = 0
    private var countedPackets = 0
    private var lastLossIncrease: MonotonicInstant
    private var lastLossDecrease: MonotonicInstant

    private var isLimited = false
    private var probe: RateProbe?
    private var nextProbe: MonotonicInstant?
    /// Rates that are still to be probed.
    private var wantedProbes: [Double] = []
    private var hasProbed = false
    private var rateBeforeDrop: Double?
    private var lastDrop: MonotonicInstant

    private var credit = 0.0
    private var creditTime: MonotonicInstant

    /// Makes one for a path that nothing is known about.
    init(configuration: LinkConfiguration, now: MonotonicInstant) {
        self.configuration = configuration
        delayRate = configuration.initialRate.bitsPerSecond
        lossRate = configuration.maximumRate.bitsPerSecond
        lastUpdate = now
        lastLossIncrease = now
        lastLossDecrease = now
        lastDrop = now
        creditTime = now
        credit = Double(configuration.basePacketBytes)
    }

    private var target: Double { min(delayRate, lossRate) }

    var state: LinkState { trend.usage == .overuse ? .congested : .steady }
    var rate: BitRate { BitRate(bitsPerSecond: sendingRate) }
    var nextDeadline: MonotonicInstant? {
        guard probe == nil, let nextProbe else { return nil }
        return nextProbe
    }

    mutating func advance(to now: MonotonicInstant) {
        accrue(to: now)
        measureUsage(now: now)
        if let probe, probe.isOver(now: now.nanoseconds) { conclude(probe, now: now) }
        guard probe == nil, log.lastReport != nil else { return }
        if !wantedProbes.isEmpty {
            begin(wantedProbes.removeFirst(), now: now)
        } else if isLimited, let nextProbe, now >= nextProbe {
            begin(GradientConstants.probeFactor * target, now: now)
        }
    }

    mutating func packetSent(_ sequence: UInt32, bytes: Int, now: MonotonicInstant) {
        accrue(to: now)
        credit = max(credit - Double(bytes), -burstBytes)
        log.sent(sequence, bytes: bytes, now: now)
        sends.append((now.nanoseconds, bytes))
        if let probe, now.nanoseconds < probe.end { self.probe?.sent(sequence, bytes: bytes) }
    }

    mutating func received(_ report: Report, now: MonotonicInstant) {
        accrue(to: now)
        let fates = log.settle(report, now: now)
        guard !fates.isEmpty else { return }
        for fate in fates {
            probe?.settle(fate)
            countedPackets += 1
            guard let arrival = fate.arrival else {
                lostPackets += 1
                continue
            }
            arrivals.append((arrival, fate.bytes))
            trend.add(sent: fate.sent, arrival: arrival)
        }
        updateLossRate(now: now)
        updateDelayRate(now: now)
        if !hasProbed {
            hasProbed = true
            wantedProbes = GradientConstants.initialProbeFactors.map { $0 * target }
        }
        advance(to: now)
    }

    mutating func pathChanged(now: MonotonicInstant) {
        self = DelayGradientController(configuration: configuration, now: now)
    }

    func sendBudget(now: MonotonicInstant) -> Int { max(0, Int(credit(at: now))) }

    func budgetReaches(_ bytes: Int, now: MonotonicInstant) -> MonotonicInstant? {
        guard Double(bytes) <= burstBytes else { return nil }
        let missing = Double(bytes) - credit(at: now)
        return missing > 0 ? now + .nanoseconds(Int64((missing + 1) * 8e9 / sendingRate)) : now
    }

    // MARK: - Rates

    private mutating func updateDelayRate(now: MonotonicInstant) {
        let elapsed = min(max(Double((now - lastUpdate).wholeNanoseconds) / 1e9, 0), 1)
        lastUpdate = now
        let throughput = measureThroughput()
        switch trend.usage {
        case .overuse:
            guard let throughput else { break }
            let decreased = min(delayRate, GradientConstants.decrease * throughput)
            if decreased < GradientConstants.largeDrop * delayRate {
                rateBeforeDrop = delayRate
                lastDrop = now
            }
            delayRate = decreased
            isHeld = true
        case .underuse: isHeld = true
        case .normal:
            // One report of hold after a decrease or a falling queue.
            guard !isHeld else {
                isHeld = false
                break
            }
            let limit = throughput.map {
                GradientConstants.throughputFactor * $0 + GradientConstants.throughputMargin
            }
            let increased = delayRate * powered(GradientConstants.increase, elapsed)
            delayRate = max(delayRate, min(increased, limit ?? increased))
        }
        clampRates()
    }

    private mutating func updateLossRate(now: MonotonicInstant) {
        guard countedPackets >= GradientConstants.leastLossPackets else { return }
        let share = Double(lostPackets) / Double(countedPackets)
        let pace = Duration.nanoseconds(Int64(GradientConstants.lossPace * 1e9))
        if share < GradientConstants.lowLoss {
            guard now - lastLossIncrease >= pace else { return }
            lossRate *= GradientConstants.lossIncrease
            lastLossIncrease = now
        } else if share > GradientConstants.highLoss {
            guard now - lastLossDecrease >= pace else { return }
            lossRate = min(lossRate, delayRate) * (1 - 0.5 * share)
            lastLossDecrease = now
        }
        countedPackets = 0
        lostPackets = 0
    }

    private mutating func clampRates() {
        let range =
            configuration.minimumRate.bitsPerSecond...configuration.maximumRate.bitsPerSecond
        delayRate = min(max(delayRate, range.lowerBound), range.upperBound)
        lossRate = min(max(lossRate, range.lowerBound), range.upperBound)
    }

    /// bit/s that came in the last half second of the collector's clock; nil before there is as much.
    private mutating func measureThroughput() -> Double? {
        guard let last = arrivals.map(\.time).max() else { return nil }
        let window = Int64(GradientConstants.throughputWindow * 1e9)
        arrivals.removeAll { $0.time <= last - window }
        let bytes = arrivals.reduce(0) { $0 + $1.bytes }
        return Double(bytes) * 8 / GradientConstants.throughputWindow
    }

    // MARK: - Probes

    private mutating func measureUsage(now: MonotonicInstant) {
        let window = Int64(GradientConstants.throughputWindow * 1e9)
        if let first = sends.firstIndex(where: { $0.time > now.nanoseconds - window }) {
            sends.removeFirst(first)
        } else {
            sends.removeAll(keepingCapacity: true)
        }
        let bits = Double(sends.reduce(0) { $0 + $1.bytes }) * 8
        let usage = bits / GradientConstants.throughputWindow / max(target, 1)
        if usage < GradientConstants.limitedUsage, !isLimited {
            isLimited = true
            nextProbe = now + .nanoseconds(Int64(GradientConstants.probeInterval * 1e9))
            let since = Double((now - lastDrop).wholeNanoseconds) / 1e9
            if let rateBeforeDrop, since < GradientConstants.probeInterval, since > 0 {
                wantedProbes.append(GradientConstants.recoveryShare * rateBeforeDrop)
                self.rateBeforeDrop = nil
            }
        } else if usage > GradientConstants.unlimitedUsage {
            isLimited = false
            nextProbe = nil
        }
    }

    private mutating func begin(_ target: Double, now: MonotonicInstant) {
        let highest = configuration.maximumRate.bitsPerSecond
        probe = RateProbe(target: min(target, highest), start: now.nanoseconds)
        nextProbe = now + .nanoseconds(Int64(GradientConstants.probeInterval * 1e9))
    }

    private mutating func conclude(_ finished: RateProbe, now: MonotonicInstant) {
        probe = nil
        guard let result = finished.result, trend.usage != .overuse else { return }
        if result > delayRate { delayRate = result }
        if lossRate < result { lossRate = min(result, GradientConstants.throughputFactor * lossRate) }
        clampRates()
        let isLowest = result < GradientConstants.furtherProbe * finished.target
        if !isLowest, wantedProbes.isEmpty, 2 * result <= configuration.maximumRate.bitsPerSecond {
            wantedProbes.append(GradientConstants.probeFactor * result)
        }
    }

    // MARK: - Sending

    /// The target, or the probe's rate while there is one.
    private var sendingRate: Double {
        guard let probe, creditTime.nanoseconds < probe.end else { return target }
        return max(target, probe.target)
    }

    private var burstBytes: Double {
        max(sendingRate / 8 * GradientConstants.burst, Double(configuration.basePacketBytes))
    }

    private func credit(at now: MonotonicInstant) -> Double {
        let elapsed = Double((now - creditTime).wholeNanoseconds) / 1e9
        return min(credit + sendingRate / 8 * max(elapsed, 0), burstBytes)
    }

    private mutating func accrue(to now: MonotonicInstant) {
        credit = credit(at: now)
        creditTime = max(creditTime, now)
    }

    private func powered(_ base: Double, _ exponent: Double) -> Double {
        // 1.08 to a power of at most 1: the first three terms of the series are good to 10⁻⁴.
        let logarithm = (base - 1) - (base - 1) * (base - 1) / 2 + (base - 1) * (base - 1) * (base - 1) / 3
        let product = logarithm * exponent
        return 1 + product + product * product / 2
    }
}
