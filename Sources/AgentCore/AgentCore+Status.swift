import BasicContainers
import LinkControl
import Quantization
public import WireFormat

extension AgentCore {
    /// What the agent does and did, as a plain value.
    /// - Complexity: O(streams); allocates.
    public func status(now: MonotonicInstant) -> AgentStatus {
        let phase = phase
        let hasLink = phase == .greeting || phase == .established || phase == .draining
        var streamStatus: [AgentStreamStatus] = []
        streamStatus.reserveCapacity(streams.count)
        for index in 0..<streams.count { streamStatus.append(streams[index].status) }
        return AgentStatus(
            run: run, phase: phase, explanation: explanation(now: now), link: hasLink ? link.state : nil,
            rate: hasLink ? link.rate : nil, roundTrip: link.smoothedRoundTrip, queueDelay: link.queueDelay,
            loss: link.loss, bytesInFlight: link.bytesInFlight,
            sinceReport: lastReport.map { $0.duration(to: now) }, budget: byteBudget?.status(),
            outages: outagesBefore + link.outages, packets: counts, streams: streamStatus)
    }

    private var phase: AgentStatus.Phase {
        switch connection {
        case .connecting: .connecting
        case .open(let session, _) where drainEnd == nil: session.isAccepted ? .established : .greeting
        case .open, .closing: .draining
        case .closed: .closed
        }
    }

    private func explanation(now: MonotonicInstant) -> String {
        switch connection {
        case .connecting(let handshake):
            return "no session: \(connectingReason(handshake)), the next handshake goes out in "
                + "\(seconds(now.duration(to: handshake.nextAttempt)))" + unreachableHint
        case .open(let session, _):
            let text = linkExplanation(now: now)
            if drainEnd != nil { return "stopping: sending what waits; " + text }
            return session.isAccepted ? text : "waiting for the collector's verdict on the streams; " + text
        case .closing: return "stopping: telling the collector"
        case .closed: return "stopped"
        }
    }

    private func connectingReason(_ handshake: Handshake) -> String {
        if let lastClose { return "\(lastClose)" }
        if counts.sessions > 0 { return "the collector does not answer any more" }
        return
            "no answer from the collector to \(counts.handshakes) handshake\(counts.handshakes == 1 ? "" : "s")"
    }

    private func linkExplanation(now: MonotonicInstant) -> String {
        switch link.state {
        case .starting: "finding out what the link carries, \(link.rate) now"
        case .steady: "steady, up to \(link.rate)"
        case .probing: "the link has room: the rate grows, \(link.rate) now"
        case .congested: "the link is congested: the rate went down to \(link.rate)"
        case .silent(let since):
            "no report for \(seconds(since.duration(to: now))): the rate goes down, \(link.rate) now"
                + unreachableHint
        case .outage(let since):
            "no report for \(seconds(since.duration(to: now))): sending only one small packet at the cheapest "
                + "rung every 1 to 3 s until the collector answers" + unreachableHint
        }
    }

    private var unreachableHint: String {
        isUnreachable ? " (the network says that nobody listens at the upstream's address)" : ""
    }

    /// A time in whole seconds, or in tenths below ten.
    private func seconds(_ duration: Duration) -> String {
        let tenths = max(
            0, duration.components.seconds * 10 + duration.components.attoseconds / 100_000_000_000_000_000)
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10) s" : "\(tenths / 10) s"
    }
}

extension AgentStream {
    /// The stream's state.
    var status: AgentStreamStatus {
        let point = encoder.codec.ladder.rungs[rung]
        return AgentStreamStatus(
            name: name, bundle: bundle, verdict: verdict, rung: rung,
            rungCount: encoder.codec.ladder.rungs.count, codedBitsPerFrame: point.codedBitsPerFrame,
            expectedDistortion: point.mse, measuredDistortion: measuredDistortion, offered: nextSequence,
            sent: sent, acknowledged: acknowledged, pending: pending.count, dropped: dropped)
    }

    /// Expected bits of a frame at the present rung.
    var codedBitsPerFrame: Double { encoder.codec.ladder.rungs[rung].codedBitsPerFrame }

    /// Counts the frame in parts as sent: its last part is in a packet.
    mutating func finishPartial() {
        partial = nil
        countSent(1)
    }
}
