public import WireFormat

extension LinkController {
    /// Takes a report; one that is implausible or tells nothing new is counted and changes nothing else.
    /// - Complexity: O(entries of the report), and amortized O(1) for each packet sent.
    public mutating func received(_ report: Report, now: MonotonicInstant) {
        advance(to: now)
        guard let newest = history.packet(report.newest), now >= newest.sent else {
            implausibleReports += 1
            return
        }
        let outcome = apply(report, newest: newest, now: now)
        guard outcome.received > 0 else {
            repeatedReports += 1
            return
        }
        accrue(to: now)
        isRefused = false
        measureInterval(now: now)
        let window = max(
            LinkConstants.deliveryWindow, 2 * (smoothedRoundTripSeconds ?? 0), 4 * reportIntervalSeconds)
        let delivered = delivery.add(outcome.receivedBytes, window: window, now: now)
        if case .outage(let since) = state {
            resume(after: now.seconds(since: since))
        } else {
            updateRate(outcome, delivered: delivered, now: now)
        }
        lastUpdate = now
        // Packets sent after the newest reported one are unanswered from now on.
        countUnanswered(history.packetsInFlight, now: now)
    }

    /// Settles the fate of the packets that the report covers.
    private mutating func apply(_ report: Report, newest: SentPacketHistory.Packet, now: MonotonicInstant)
        -> ReportOutcome
    {
        var outcome = ReportOutcome()
        let newestDelay = delays.newestDelay(arrival: report.newestArrival, sent: newest.sent, now: now)
        if let packet = history.markReceived(report.newest) {
            note(packet, delay: newestDelay, in: &outcome, now: now)
            measureRoundTrip(now.seconds(since: packet.sent), now: now)
        }
        let covered = min(report.entryCount, Int(report.newest))
        for back in 0..<covered {
            let sequence = report.newest - 1 - UInt32(back)
            switch report.entry(back) {
            case .missing:
                guard let packet = history.packet(sequence),
                    newest.sent.seconds(since: packet.sent) > LinkConstants.reorderTime
                else { continue }
                if history.markLost(sequence) { outcome.lost += 1 }
            case .received(let millisecondsBefore):
                guard let packet = history.markReceived(sequence) else { continue }
                var delay: Double?
                if let newestDelay, let millisecondsBefore {
                    let apart = newest.sent.seconds(since: packet.sent)
                    delay = newestDelay + apart - Double(millisecondsBefore) / 1_000
                }
                note(packet, delay: delay, in: &outcome, now: now)
            }
        }
        history.forget(before: report.newest - UInt32(covered))
        return outcome
    }

    /// Adds a packet newly known to have come.
    private mutating func note(
        _ packet: SentPacketHistory.Packet, delay: Double?, in outcome: inout ReportOutcome,
        now: MonotonicInstant
    ) {
        outcome.received += 1
        outcome.receivedBytes += packet.bytes
        guard let delay else { return }
        delays.insert(delay, now: now)
        // On a slow link a packet takes long to send; as long as it would at the present rate is no queue.
        let queued = delays.aboveBase(delay) - Double(packet.bytes) * 8 / bitsPerSecond
        outcome.leastQueue = min(outcome.leastQueue ?? .infinity, max(0, queued))
    }

    private mutating func measureRoundTrip(_ seconds: Double, now: MonotonicInstant) {
        roundTrips.insert(seconds, now: now)
        guard let smoothed = smoothedRoundTripSeconds else {
            smoothedRoundTripSeconds = seconds
            return
        }
        smoothedRoundTripSeconds = smoothed + (seconds - smoothed) / 8
    }

    private mutating func measureInterval(now: MonotonicInstant) {
        if let lastReport {
            let bounds = LinkConstants.reportInterval
            let interval = min(max(now.seconds(since: lastReport), bounds.lowerBound), bounds.upperBound)
            reportIntervalSeconds += (interval - reportIntervalSeconds) / 8
        }
        lastReport = now
    }

    /// The slow loop.
    private mutating func updateRate(_ outcome: ReportOutcome, delivered: Double, now: MonotonicInstant) {
        if case .silent = state {
            // The rate that silence lowered was right as far as anyone knew; half of it is a safe restart.
            bitsPerSecond = max(bitsPerSecond, rateBeforeSilence / 2)
        }
        let queue = outcome.leastQueue ?? queueDelaySeconds
        queueDelaySeconds = queue
        losses.add(
            received: outcome.received, lost: outcome.lost, queueIsEmpty: queue < LinkConstants.emptyQueue)
        let elapsed = min(max(0, now.seconds(since: lastUpdate)), 0.5)
        let lossIsCongestion = losses.counts && losses.congestive > LinkConstants.congestiveLoss
        if queue > congestedSeconds || lossIsCongestion {
            decrease(queue: queue, delivered: delivered, now: now)
        } else if queue < LinkConstants.growthEnd, losses.congestive < LinkConstants.calmLoss {
            grow(queue: queue, elapsed: elapsed, now: now)
        } else {
            endSilence(state: .steady)
        }
    }

    private mutating func decrease(queue: Double, delivered: Double, now: MonotonicInstant) {
        let pause = smoothedRoundTripSeconds ?? LinkConstants.initialRoundTrip
        if lastDecrease.map({ now.seconds(since: $0) >= pause }) ?? true {
            if queue > congestedSeconds {
                let severity = 0.5 * (queue - congestedSeconds) / LinkConstants.severeQueue
                bitsPerSecond =
                    min(bitsPerSecond, delivered) * LinkConstants.decrease * max(0.5, 1 - severity)
            } else {
                bitsPerSecond *= 1 - 0.5 * losses.congestive
                losses.clearCongestion()
            }
            bitsPerSecond = max(bitsPerSecond, configuration.minimumRate.bitsPerSecond)
            lastDecrease = now
            growsFast = false
        }
        endSilence(state: .congested)
    }

    private mutating func grow(queue: Double, elapsed: Double, now: MonotonicInstant) {
        var gain = growsFast ? LinkConstants.startGrowth : LinkConstants.growth
        if !growsFast, let lastDecrease, now.seconds(since: lastDecrease) > LinkConstants.calmTime {
            gain *= 2
        }
        let damping = min(
            1,
            (LinkConstants.growthEnd - queue) / (LinkConstants.growthEnd - LinkConstants.emptyQueue))
        let headroom = max(
            LinkConstants.headroom, LinkConstants.rungHeadroom * configuration.largestRungRatio)
        let cap = min(
            max(headroom * delivery.maximum(now: now), LinkConstants.untestedRate),
            configuration.maximumRate.bitsPerSecond)
        let grown = min(bitsPerSecond * (1 + gain * damping * elapsed), cap)
        // Without congestion a rate that traffic no longer tests stays.
        let grows = grown > bitsPerSecond
        bitsPerSecond = max(bitsPerSecond, grown)
        endSilence(state: grows ? (growsFast ? .starting : .probing) : .steady)
    }

    /// The first report after an outage.
    private mutating func resume(after seconds: Double) {
        let minimum = configuration.minimumRate.bitsPerSecond
        if seconds < LinkConstants.shortOutage {
            bitsPerSecond = max(minimum, rateBeforeSilence / 2)
            growsFast = false
        } else {
            bitsPerSecond = minimum
            growsFast = true
        }
        endSilence(state: growsFast ? .starting : .probing)
    }
}
