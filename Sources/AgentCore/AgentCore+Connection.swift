import BasicContainers
import LinkControl
import WireFormat

extension AgentCore {
    /// Lets time pass.
    mutating func advance(to now: MonotonicInstant) {
        link.advance(to: now)
        byteBudget?.advance(to: now)
        for index in 0..<streams.count {
            streams[index].expire(now: now, because: expiryReason(of: index))
        }
        advanceDrain(to: now)
        guard case .open(let session, let renewal) = connection else { return }
        if needsRenewal(session, now: now) {
            if renewal == nil {
                let handshake = newHandshake(attempts: AgentConstants.renewalAttempts, at: now)
                connection = .open(session, renewal: handshake)
            }
        } else if renewal != nil {
            connection = .open(session, renewal: nil)
        }
    }

    /// Whether nothing has answered the session for long, or its sequences come to their end.
    private func needsRenewal(_ session: AgentSession, now: MonotonicInstant) -> Bool {
        if session.nextSequence >= AgentConstants.renewalSequence { return true }
        guard case .outage(let since) = link.state else { return false }
        return since + AgentConstants.renewalAfter <= now
    }

    private func expiryReason(of index: Int) -> DropReason {
        streams[index].wireStream == nil ? .noSession : streams[index].budgetReason
    }

    private mutating func advanceDrain(to now: MonotonicInstant) {
        guard let drainEnd else { return }
        let session: AgentSession?
        switch connection {
        case .connecting: session = nil
        case .open(let open, _): session = open
        case .closing, .closed: return
        }
        for index in 0..<streams.count
        where session == nil || streams[index].wireStream == nil || drainEnd <= now {
            streams[index].dropFirst(streams[index].pending.count, because: expiryReason(of: index))
        }
        for index in 0..<streams.count where !streams[index].pending.isEmpty { return }
        connection = session.map { .closing($0, packets: AgentConstants.closePackets) } ?? .closed
    }

    /// A handshake that was not begun yet.
    mutating func newHandshake(attempts: Int, at instant: MonotonicInstant) -> Handshake {
        Handshake(
            own: .random(using: &generator), nonce: generator.next(), attempts: attempts, nextAttempt: instant
        )
    }

    /// Counts an attempt and sets the next one: 1 s, 2 s, 4 s … 60 s, each up to a half longer.
    mutating func countAttempt(of handshake: inout Handshake, now: MonotonicInstant) {
        let bounds = AgentConstants.handshakeRetry
        let doubled = bounds.lowerBound * (1 << min(handshake.attempts, 6))
        let delay = min(doubled, bounds.upperBound)
        let jitter = delay * Double.random(in: 0..<0.5, using: &generator)
        handshake.attempts += 1
        handshake.nextAttempt = now + delay + jitter
        counts.handshakes += 1
    }

    /// Begins a session: nothing of the one before holds.
    mutating func open(own: ConnectionID, peer: ConnectionID, now: MonotonicInstant) {
        restartController(now: now)
        ledger.removeAll()
        for index in 0..<streams.count {
            streams[index].acknowledgedSequence = nil
            streams[index].leaveSession()
        }
        connection = .open(
            AgentSession(own: own, peer: peer, lastSent: now, nextHello: now), renewal: nil)
        counts.sessions += 1
        lastClose = nil
        isUnreachable = false
        dataWait = nil
    }

    /// Ends a session that the collector closed.
    mutating func lose(because reason: CloseReason, now: MonotonicInstant) {
        lastClose = reason
        dataWait = nil
        for index in 0..<streams.count { streams[index].leaveSession() }
        if drainEnd != nil {
            connection = .closed
            return
        }
        // Not at once: a close that meets every new session must not make the two ends talk without pause.
        var handshake = newHandshake(attempts: 0, at: now)
        switch reason {
        case .unknownConnection, .unspecified, .finished: handshake.attempts = 0
        case .collectorStopping: handshake.attempts = 1
        case .collectorFull, .gatewayInUse, .replaced: handshake.attempts = 3
        }
        let pause = AgentConstants.handshakeRetry.lowerBound * Double(1 << handshake.attempts)
        handshake.nextAttempt = now + pause * Double.random(in: 0.25..<1, using: &generator)
        connection = .connecting(handshake)
    }
}
