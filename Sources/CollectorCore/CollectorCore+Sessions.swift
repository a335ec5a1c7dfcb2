internal import DequeModule
internal import WireFormat

extension CollectorCore {
    /// Answers an initiation, an already answered one with the same response.
    mutating func receiveHandshake(_ body: RawSpan, _ arrival: Arrival) throws(WireError) {
        let message = try HandshakeMessage(parsing: body)
        guard case .initiation(let agent, let nonce) = message else {
            counters.drop(.wrongDirection)
            return
        }
        guard arrival.header.connection == nil else { throw WireError(.connectionID, at: 1) }
        let known = handshakes.first {
            $0.agent == agent && $0.nonce == nonce && $0.address == arrival.source
        }
        let handshake = known ?? begin(agent: agent, nonce: nonce, arrival)
        enqueue(
            Reply(
                address: arrival.source, connection: agent,
                body: .handshake(.response(collector: handshake.collector, nonce: nonce))))
    }

    private mutating func begin(agent: ConnectionID, nonce: UInt64, _ arrival: Arrival) -> Handshake {
        if handshakes.count >= configuration.maximumHandshakes {
            handshakes.removeFirst()
            counters.drop(.handshake)
        }
        var connection = ConnectionID.random(using: &generator)
        while sessions[connection] != nil || handshakes.contains(where: { $0.collector == connection }) {
            connection = ConnectionID.random(using: &generator)
        }
        let handshake = Handshake(
            agent: agent, collector: connection, nonce: nonce, address: arrival.source, begun: arrival.now)
        handshakes.append(handshake)
        counters.handshakes += 1
        scheduleSweep(arrival.now)
        return handshake
    }

    /// Makes a session of a handshake whose hello has come.
    mutating func open(handshakeAt index: Int, _ hello: Hello, _ arrival: Arrival) {
        let handshake = handshakes[index]
        let former = gateways[hello.gateway].flatMap { sessions[$0] }
        if let former, former.run != hello.run,
            former.lastArrival.duration(to: arrival.now) < configuration.replacementSilence
        {
            refuse(handshake, .gatewayInUse, dropped: .gatewayInUse)
            return
        }
        guard former != nil || sessions.count < configuration.maximumSessions else {
            refuse(handshake, .collectorFull, dropped: .collectorFull)
            return
        }
        handshakes.remove(at: index)
        let session = Session(
            handshake: handshake, hello: hello, reportInterval: reportInterval(hello), now: arrival.now)
        if let former {
            if former.run == hello.run {
                session.takeOver(former)
            } else {
                enqueueReplaced(former)
            }
            counters.sessionsReplaced += 1
            remove(former)
        }
        sessions[session.connection] = session
        gateways[session.gateway] = session.connection
        counters.sessionsOpened += 1
        scheduleSweep(arrival.now)
        _ = markFresh(arrival, in: session)
        receive(hello, arrival, in: session)
    }

    private mutating func enqueueReplaced(_ session: Session) {
        let byteCount = PacketHeader.byteCount + 1
        guard session.path.allows(byteCount) else {
            counters.drop(.reply)
            return
        }
        let sequence = session.nextHeader(.close).sequence
        enqueue(
            Reply(
                address: session.path.address, connection: session.agent, body: .close(.replaced),
                sequence: sequence))
    }

    private mutating func refuse(_ handshake: Handshake, _ reason: CloseReason, dropped: CollectorDrop) {
        counters.drop(dropped)
        enqueue(Reply(address: handshake.address, connection: handshake.agent, body: .close(reason)))
    }

    private func reportInterval(_ hello: Hello) -> Duration {
        let wish = hello.reportInterval == .zero ? configuration.reportInterval : hello.reportInterval
        let allowed = CollectorCoreConfiguration.reportIntervals
        return min(max(wish, allowed.lowerBound), allowed.upperBound)
    }

    /// Forgets a session and all that belongs to it.
    mutating func remove(_ session: Session) {
        sessions[session.connection] = nil
        if gateways[session.gateway] == session.connection { gateways[session.gateway] = nil }
        if session.reportIsScheduled { reportDeadlines.remove(session.connection) }
        ready.removeAll { $0 == session.connection }
        let connection = session.connection
        let discarded = partialFrames.discard { $0.connection == connection }
        counters.drop(.partialFrame, count: discarded)
    }

    /// Sees to it that a sweep comes while there is something that can grow old.
    mutating func scheduleSweep(_ now: MonotonicInstant) {
        if nextSweep == nil { nextSweep = now + CollectorCoreConfiguration.sweepInterval }
    }

    /// Forgets what has been silent for too long.
    mutating func sweepIfDue(_ now: MonotonicInstant) {
        guard let due = nextSweep, due <= now else { return }
        while let first = handshakes.first,
            first.begun.duration(to: now) >= configuration.handshakeTimeout
        {
            handshakes.removeFirst()
            counters.drop(.handshake)
        }
        let silent = sessions.values.filter {
            $0.lastArrival.duration(to: now) >= configuration.sessionTimeout
        }
        for session in silent {
            counters.sessionsTimedOut += 1
            remove(session)
        }
        let timeout = configuration.partialFrameTimeout
        let discarded = partialFrames.discard { $0.begun.duration(to: now) >= timeout }
        counters.drop(.partialFrame, count: discarded)
        let isIdle = handshakes.isEmpty && sessions.isEmpty
        nextSweep = isIdle ? nil : now + CollectorCoreConfiguration.sweepInterval
    }
}
