public import WireFormat

extension LinkController {
    /// IP-level bytes that may be sent now.
    ///
    /// In an outage 0 or, when a probe is due, the bytes of one small packet. Call `advance(to:)` first.
    public func sendBudget(now: MonotonicInstant) -> Int {
        if isOutage {
            return now >= nextProbe ? probeBytes : 0
        }
        return max(0, min(Int(credit(at: now)), windowBytes - history.bytesInFlight))
    }

    /// When the budget reaches `bytes` if no report comes before; nil when only a report can make it so.
    public func budgetReaches(_ bytes: Int, now: MonotonicInstant) -> MonotonicInstant? {
        if isOutage {
            return bytes <= probeBytes ? max(nextProbe, now) : nil
        }
        guard Double(bytes) <= burstBytes, bytes <= windowBytes - history.bytesInFlight else { return nil }
        let missing = Double(bytes) - credit(at: now)
        guard missing > 0 else { return now }
        // One byte more: the result of the division may be a hair early.
        return now.advanced(bySeconds: (missing + 1) * 8 / bitsPerSecond)
    }

    /// Whether a packet is wanted just to be answered: nothing was sent for a probe interval and silence or an
    /// outage has to be told from a single lost packet.
    public func wantsProbe(now: MonotonicInstant) -> Bool {
        probeWanted.map { now >= $0 } ?? false
    }

    /// When a packet will be wanted just to be answered.
    var probeWanted: MonotonicInstant? {
        if isOutage { return nextProbe }
        guard let unansweredSince, let lastSent else { return nil }
        let overdue = unansweredSince.advanced(bySeconds: silenceSeconds)
        let paced = lastSent.advanced(bySeconds: LinkConstants.probeInterval.lowerBound / 2)
        return max(overdue, paced)
    }

    /// Bytes of the window: the rate for a round trip, the queue it may make and the wait for a report.
    var windowBytes: Int {
        let roundTrip = min(roundTrips.value, LinkConstants.initialRoundTrip)
        let seconds = roundTrip + windowQueueSeconds + reportIntervalSeconds
        // The packet on its way through a slow link is no queue, hence the packet's bytes.
        let bytes = bitsPerSecond / 8 * seconds + packetBytes
        return max(LinkConstants.windowBasePackets * configuration.basePacketBytes, Int(bytes))
    }

    /// Bytes that may be sent at once after a rest: a latency budget's worth, one base packet at least.
    var burstBytes: Double {
        max(
            bitsPerSecond / 8 * configuration.latencyBudget.inSeconds,
            Double(configuration.basePacketBytes))
    }

    /// Bytes of a probe in an outage: a second's worth of the minimum rate, one base packet at least.
    var probeBytes: Int {
        min(
            max(Int(configuration.minimumRate.bitsPerSecond / 8), configuration.basePacketBytes),
            LinkConstants.largestPacket)
    }

    var windowQueueSeconds: Double {
        min(
            LinkConstants.windowQueue,
            LinkConstants.windowQueueShare * configuration.latencyBudget.inSeconds)
    }

    var congestedSeconds: Double {
        min(LinkConstants.congested, LinkConstants.congestedShare * configuration.latencyBudget.inSeconds)
    }

    func credit(at now: MonotonicInstant) -> Double {
        let grown = credit + bitsPerSecond / 8 * max(0, now.seconds(since: creditTime))
        return min(grown, max(burstBytes, 0))
    }

    /// Fixes the credit at `now`, before the rate or the credit changes.
    mutating func accrue(to now: MonotonicInstant) {
        credit = credit(at: now)
        creditTime = now
    }
}
