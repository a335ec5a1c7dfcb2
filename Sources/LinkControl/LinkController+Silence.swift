public import WireFormat

extension LinkController {
    /// When `advance(to:)` has something to do, or a probe is wanted; nil when only a packet or a report changes
    /// anything.
    public var nextDeadline: MonotonicInstant? {
        let step = isOutage ? nil : silenceStep
        guard let probe = probeWanted else { return step }
        return step.map { min($0, probe) } ?? probe
    }

    /// Lets time pass: silence lowers the rate in steps, a longer one becomes an outage.
    public mutating func advance(to now: MonotonicInstant) {
        while !isOutage, let step = silenceStep, now >= step, let since = unansweredSince {
            if step.seconds(since: silentFrom ?? since) >= outageSeconds {
                accrue(to: now)
                state = .outage(since: since)
                outages += 1
                probeIntervalSeconds = LinkConstants.probeInterval.lowerBound
                nextProbe = (lastSent ?? now).advanced(bySeconds: probeIntervalSeconds)
                bitsPerSecond = configuration.minimumRate.bitsPerSecond
                history.forgetAll()
                return
            }
            if nextSilenceStep == nil {
                rateBeforeSilence = bitsPerSecond
            }
            accrue(to: max(step, creditTime))
            bitsPerSecond = max(
                bitsPerSecond * LinkConstants.silenceDecrease, configuration.minimumRate.bitsPerSecond)
            state = .silent(since: since)
            nextSilenceStep = step.advanced(bySeconds: LinkConstants.silenceStep)
        }
    }

    /// When silence next lowers the rate or becomes an outage; nil while too little is unanswered.
    var silenceStep: MonotonicInstant? {
        guard let silentFrom else { return nil }
        return nextSilenceStep ?? silentFrom.advanced(bySeconds: silenceSeconds)
    }

    var silenceSeconds: Double {
        let seconds = max(
            LinkConstants.silence,
            LinkConstants.silenceRoundTrips * (smoothedRoundTripSeconds ?? LinkConstants.initialRoundTrip))
        return carrierIsDown || isRefused ? seconds * LinkConstants.hintedSilence : seconds
    }

    var outageSeconds: Double {
        max(
            LinkConstants.outage,
            LinkConstants.outageRoundTrips * (smoothedRoundTripSeconds ?? LinkConstants.initialRoundTrip))
    }

    /// Adds packets that await an answer.
    mutating func countUnanswered(_ packets: Int, now: MonotonicInstant) {
        guard packets > 0 else { return }
        unansweredSince = unansweredSince ?? now
        unansweredPackets += packets
        if silentFrom == nil, unansweredPackets >= LinkConstants.silencePackets {
            silentFrom = now
        }
    }

    /// Ends silence or an outage: something was reported.
    mutating func endSilence(state: LinkState) {
        unansweredSince = nil
        unansweredPackets = 0
        silentFrom = nil
        nextSilenceStep = nil
        rateBeforeSilence = bitsPerSecond
        probeIntervalSeconds = LinkConstants.probeInterval.lowerBound
        self.state = state
    }

    /// Hears that the interface's carrier went away or came back. Without one silence counts sooner; with one again an
    /// outage is probed at once.
    public mutating func carrierChanged(isUp: Bool, now: MonotonicInstant) {
        advance(to: now)
        carrierIsDown = !isUp
        guard isUp, isOutage else { return }
        probeIntervalSeconds = LinkConstants.probeInterval.lowerBound
        nextProbe = min(nextProbe, now)
    }

    /// Hears that the network or a host refused a packet. It may be forged, so silence counts sooner and nothing else
    /// happens; the next report ends it.
    public mutating func networkRefused(now: MonotonicInstant) {
        advance(to: now)
        isRefused = true
    }
}
