import BasicContainers
import LinkControl
public import WireFormat

extension AgentCore {
    /// Takes a datagram from the upstream's address. Any bytes do no harm; those that are no packet of ours are
    /// counted.
    public mutating func receive(_ datagram: RawSpan, now: MonotonicInstant) {
        advance(to: now)
        byteBudget?.received(datagram.byteCount + configuration.ipOverhead, now: now)
        do throws(WireError) {
            let header = try PacketHeader(parsing: datagram)
            let body = datagram.extracting(PacketHeader.byteCount...)
            switch header.type {
            case .handshake: try receiveHandshake(header, body, now: now)
            case .close: try receiveClose(header, body, now: now)
            case .report, .control: try receiveInSession(header, body, now: now)
            case .data: counts.unexpected += 1
            }
        } catch {
            counts.malformed += 1
        }
    }

    private mutating func receiveHandshake(
        _ header: PacketHeader, _ body: RawSpan, now: MonotonicInstant
    ) throws(WireError) {
        guard case .response(let collector, let nonce) = try HandshakeMessage(parsing: body) else {
            counts.unexpected += 1
            return
        }
        let handshake: Handshake?
        switch connection {
        case .connecting(let connecting): handshake = connecting
        case .open(_, let renewal): handshake = renewal
        case .closing, .closed: handshake = nil
        }
        guard let handshake, handshake.own == header.connection, handshake.nonce == nonce else {
            // The answer to a repeated initiation, mostly.
            counts.foreign += 1
            return
        }
        open(own: handshake.own, peer: collector, now: now)
    }

    private mutating func receiveClose(
        _ header: PacketHeader, _ body: RawSpan, now: MonotonicInstant
    ) throws(WireError) {
        let reason = try CloseReason(parsing: body)
        switch connection {
        case .connecting(let handshake) where handshake.own == header.connection:
            lastClose = reason
        case .open(let session, _) where header.connection == session.own:
            lose(because: reason, now: now)
        case .open(let session, _) where header.connection == session.peer && reason == .unknownConnection:
            lose(because: reason, now: now)
        case .closing(let session, _) where header.connection == session.own:
            connection = .closed
        case .connecting, .open, .closing, .closed:
            counts.foreign += 1
        }
    }

    private mutating func receiveInSession(
        _ header: PacketHeader, _ body: RawSpan, now: MonotonicInstant
    ) throws(WireError) {
        guard case .open(var session, let renewal) = connection, session.own == header.connection else {
            counts.foreign += 1
            return
        }
        if header.type == .report {
            take(try Report(parsing: body), now: now)
            return
        }
        guard case .accept(let accept) = try ControlMessage(parsing: body), accept.run == run,
            accept.streamCount == streams.count
        else {
            counts.unexpected += 1
            return
        }
        take(accept, session: &session, now: now)
        connection = .open(session, renewal: renewal)
    }

    /// Allocates nothing.
    private mutating func take(_ report: Report, now: MonotonicInstant) {
        counts.reports += 1
        lastReport = now
        isUnreachable = false
        link.received(report, now: now)
        dataWait = nil
        acknowledge(report.newest)
        for index in 0..<min(report.entryCount, Int(report.newest)) {
            if case .received = report.entry(index) {
                acknowledge(report.newest - 1 - UInt32(index))
            }
        }
    }

    private mutating func acknowledge(_ sequence: UInt32) {
        for index in ledger.take(sequence) {
            let block = ledger[index]
            streams[block.stream].acknowledge(block)
        }
    }

    private mutating func take(_ accept: Accept, session: inout AgentSession, now: MonotonicInstant) {
        for (offset, verdict) in accept.verdicts.enumerated() {
            let index = accept.firstStream + offset
            switch verdict {
            case .accepted(let stream, _): streams[index].verdict = .accepted(stream: stream)
            case .refused(let reason, let text):
                streams[index].verdict = .refused(reason, text: text)
                streams[index].dropFirst(streams[index].pending.count, because: .refused)
            }
        }
        var isAccepted = true
        var isRefused = false
        for index in 0..<streams.count {
            switch streams[index].verdict {
            case .pending: isAccepted = false
            case .refused: isRefused = true
            case .accepted: break
            }
        }
        dataWait = nil
        guard isAccepted else { return }
        if !isRefused || !session.isAccepted {
            session.helloStream = 0
            session.nextHello = isRefused ? now + AgentConstants.refusedRetry : nil
        }
        session.isAccepted = true
    }
}

extension AgentStream {
    /// Counts a block as received upstream.
    mutating func acknowledge(_ block: AcknowledgementLedger.Block) {
        acknowledged += UInt64(block.frames)
        acknowledgedSequence = max(acknowledgedSequence ?? 0, block.lastSequence)
    }
}
