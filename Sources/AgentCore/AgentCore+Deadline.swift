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
        switch connection {
        case .connecting(let handshake): consider(handshake.nextAttempt)
        case .open(let session, let renewal):
            consider(session.nextHello)
            if hasFurtherHello(session) { consider(link.budgetReaches(1, now: now)) }
            consider(session.lastSent + configuration.keepAliveInterval)
            consider(renewal?.nextAttempt)
            consider(link.nextDeadline)
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
