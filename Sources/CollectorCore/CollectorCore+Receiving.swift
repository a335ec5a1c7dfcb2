internal import DequeModule
public import WireFormat

extension CollectorCore {
    /// Takes a datagram.
    ///
    /// - Parameters:
    ///   - datagram: The UDP payload, any bytes.
    ///   - source: Where it came from.
    ///   - now: When, by the clock that deadlines are told by.
    ///   - wall: When, by the time of day.
    ///   - deliver: Called with each frame that the datagram completes, and its values in the stream's own units,
    ///     which are there only during the call. It must not call the core.
    public mutating func receive(
        _ datagram: RawSpan, from source: PeerAddress, now: MonotonicInstant, wall: WallTime,
        deliver: (DeliveredFrame, Span<Float>) -> Void
    ) {
        counters.datagramsReceived += 1
        counters.bytesReceived += UInt64(datagram.byteCount)
        sweepIfDue(now)
        do throws(WireError) {
            let header = try PacketHeader(parsing: datagram)
            let body = datagram.extracting(PacketHeader.byteCount..<datagram.byteCount)
            let arrival = Arrival(
                header: header, byteCount: datagram.byteCount, source: source, now: now, wall: wall)
            if header.type == .handshake {
                try receiveHandshake(body, arrival)
            } else if let connection = header.connection, let session = sessions[connection] {
                try receive(body, arrival, in: session, deliver: deliver)
            } else {
                try receiveWithoutSession(body, arrival)
            }
        } catch {
            counters.drop(malformed: error)
        }
    }

    /// What is known of a datagram besides its body.
    struct Arrival {
        let header: PacketHeader
        let byteCount: Int
        let source: PeerAddress
        let now: MonotonicInstant
        let wall: WallTime
    }

    // The body is checked wholly before anything is changed: a malformed packet has no effect.
    private mutating func receive(
        _ body: RawSpan, _ arrival: Arrival, in session: Session,
        deliver: (DeliveredFrame, Span<Float>) -> Void
    ) throws(WireError) {
        switch arrival.header.type {
        case .data:
            try validateBlocks(body)
            guard let isNewest = mark(arrival, in: session) else { return }
            try receiveBlocks(body, arrival, isNewest: isNewest, in: session, deliver: deliver)
        case .control:
            let message = try ControlMessage(parsing: body)
            guard mark(arrival, in: session) != nil else { return }
            switch message {
            case .hello(let hello): receive(hello, arrival, in: session)
            case .keepAlive: break
            case .accept: counters.drop(.wrongDirection)
            }
        case .close:
            _ = try CloseReason(parsing: body)
            guard mark(arrival, in: session) != nil else { return }
            counters.sessionsClosed += 1
            remove(session)
        case .report, .handshake: counters.drop(.wrongDirection)
        }
    }

    /// Notes a good packet of a session. Returns whether it is the newest, or nil if it came before or is so old
    /// that nobody can tell.
    private mutating func mark(_ arrival: Arrival, in session: Session) -> Bool? {
        switch session.packets.verdict(on: UInt64(arrival.header.sequence)) {
        case .fresh: return markFresh(arrival, in: session)
        case .duplicate: counters.drop(.duplicatePacket)
        case .stale: counters.drop(.stalePacket)
        }
        return nil
    }

    /// Notes a packet that did not come before. Returns whether it is the newest.
    mutating func markFresh(_ arrival: Arrival, in session: Session) -> Bool {
        let sequence = arrival.header.sequence
        let isNewest = session.arrivals.newest.map { sequence > $0 } ?? true
        _ = session.packets.insert(UInt64(sequence))
        session.arrivals.insert(sequence, at: arrival.now)
        session.lastArrival = arrival.now
        if isNewest {
            session.clockSynced = arrival.header.clockSynced
            session.path.received(arrival.byteCount, from: arrival.source)
        }
        scheduleReport(session, now: arrival.now)
        return isNewest
    }

    private mutating func receiveWithoutSession(_ body: RawSpan, _ arrival: Arrival) throws(WireError) {
        guard let connection = arrival.header.connection else { return }
        guard let index = handshakes.firstIndex(where: { $0.collector == connection }) else {
            counters.drop(.unknownConnection)
            reset(arrival, connection: connection)
            return
        }
        guard arrival.header.type == .control else {
            counters.drop(.beforeHello)
            return
        }
        let message = try ControlMessage(parsing: body)
        guard case .hello(let hello) = message else {
            counters.drop(.beforeHello)
            return
        }
        guard handshakes[index].address == arrival.source else {
            counters.drop(.otherAddress)
            return
        }
        open(handshakeAt: index, hello, arrival)
    }

    /// Tells a sender that its session is unknown: smaller than what came, and not often.
    private mutating func reset(_ arrival: Arrival, connection: ConnectionID) {
        guard arrival.byteCount > PacketHeader.byteCount + 1, arrival.header.type != .close else { return }
        if let since = resets.since, since.duration(to: arrival.now) < .seconds(1) {
            guard resets.allowance > 0 else { return }
        } else {
            resets = (configuration.resetsPerSecond, arrival.now)
        }
        guard resets.allowance > 0 else { return }
        resets.allowance -= 1
        enqueue(Reply(address: arrival.source, connection: connection, body: .close(.unknownConnection)))
    }

    /// Queues a datagram outside of sessions, if there is room.
    mutating func enqueue(_ reply: Reply) {
        guard replies.count < configuration.maximumReplies else {
            counters.drop(.reply)
            return
        }
        replies.append(reply)
    }
}
