import BasicContainers
import LinkControl
public import WireFormat

extension AgentCore {
    /// When `nextDatagram` must be called again if nothing else happens; always later than `now`, and at most a
    /// minute.
    /// - Complexity: O(streams)
    public func nextDeadline(now: MonotonicInstant) -> MonotonicInstant {
        var deadline = now + AgentConstants.longestSleep
        func consider(_ instant: MonotonicInstant?) {
            if let instant { deadline = min(deadline, instant) }
        }
        let control = byteBudget?.controlReaches(now: now)
        func considerControl(_ instant: MonotonicInstant?) {
            guard let instant else { return }
            consider(control.map { max($0, instant) } ?? instant)
        }
        switch connection {
        case .connecting(let handshake): considerControl(handshake.nextAttempt)
        case .open(let session, let renewal):
            considerControl(session.nextHello)
            if hasFurtherHello(session) { considerControl(link.budgetReaches(1, now: now)) }
            considerControl(session.lastSent + configuration.keepAliveInterval)
            considerControl(renewal?.nextAttempt)
            considerControl(link.nextDeadline)
        case .closing: consider(now)
        case .closed: return deadline
        }
        consider(drainEnd)
        for index in 0..<streams.count {
            guard let first = streams[index].pending.first else { continue }
            consider(first.expiry)
            if dataWait == nil, streams[index].wireStream != nil {
                consider(first.deadline)
            }
        }
        if case .instant(let instant) = dataWait { consider(instant) }
        return max(deadline, now + AgentConstants.timerGranularity)
    }
}
