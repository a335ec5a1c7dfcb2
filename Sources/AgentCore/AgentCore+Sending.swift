import BasicContainers
import LinkControl
import Quantization
public import WireFormat

extension AgentCore {
    /// Writes the next datagram that is to be sent now, if there is one. Call it until it returns false.
    ///
    /// - Parameter output: room for `PacketLimits.maximumDatagram` bytes (traps otherwise).
    public mutating func nextDatagram(into output: inout OutputRawSpan, now: MonotonicInstant) -> Bool {
        precondition(output.freeCapacity >= PacketLimits.maximumDatagram, "room for the largest datagram")
        advance(to: now)
        let before = output.byteCount
        guard writeDatagram(into: &output, now: now) else { return false }
        counts.sent += 1
        counts.sentBytes += UInt64(output.byteCount - before + configuration.ipOverhead)
        byteBudget?.sent(output.byteCount - before + configuration.ipOverhead, now: now)
        return true
    }

    private mutating func writeDatagram(into output: inout OutputRawSpan, now: MonotonicInstant) -> Bool {
        switch connection {
        case .closed: return false
        case .connecting(var handshake):
            guard handshake.nextAttempt <= now, allowsControl(now: now) else { return false }
            writeInitiation(&handshake, into: &output, now: now)
            connection = .connecting(handshake)
            return true
        case .closing where !allowsControl(now: now):
            connection = .closed
            return false
        case .closing(var session, let packets):
            writeHeader(.close, session, into: &output)
            CloseReason.finished.write(into: &output)
            session.nextSequence += 1
            connection = packets > 1 ? .closing(session, packets: packets - 1) : .closed
            return true
        case .open(let session, var renewal?) where renewal.nextAttempt <= now && allowsControl(now: now):
            writeInitiation(&renewal, into: &output, now: now)
            connection = .open(session, renewal: renewal)
            return true
        case .open(var session, let renewal):
            let isWritten = writeInSession(&session, into: &output, now: now)
            connection = .open(session, renewal: renewal)
            return isWritten
        }
    }

    private mutating func writeInSession(
        _ session: inout AgentSession, into output: inout OutputRawSpan, now: MonotonicInstant
    ) -> Bool {
        // Sequences never wrap; the next session's handshake began when half of them were used.
        guard session.nextSequence < .max else { return false }
        let before = output.byteCount
        if isHelloDue(session, now: now), allowsControl(now: now) {
            writeHello(&session, into: &output, now: now)
        } else if writeData(session, into: &output, now: now) {
        } else if session.lastSent + configuration.keepAliveInterval <= now || link.wantsProbe(now: now),
            allowsControl(now: now)
        {
            writeHeader(.control, session, into: &output)
            ControlMessage.writeKeepAlive(into: &output)
        } else {
            return false
        }
        link.packetSent(
            session.nextSequence, bytes: output.byteCount - before + configuration.ipOverhead, now: now)
        session.nextSequence += 1
        session.lastSent = now
        return true
    }

    /// The header of the session's next packet.
    func header(_ type: PacketType, _ session: AgentSession) -> PacketHeader {
        PacketHeader(
            type: type, connection: session.peer, sequence: session.nextSequence, clockSynced: clockSynced)
    }

    private func writeHeader(_ type: PacketType, _ session: AgentSession, into output: inout OutputRawSpan) {
        header(type, session).write(into: &output)
    }

    private mutating func writeInitiation(
        _ handshake: inout Handshake, into output: inout OutputRawSpan, now: MonotonicInstant
    ) {
        countAttempt(of: &handshake, now: now)
        PacketHeader(type: .handshake, connection: nil, sequence: 0, clockSynced: clockSynced).write(
            into: &output)
        HandshakeMessage.initiation(agent: handshake.own, nonce: handshake.nonce).write(into: &output)
    }
}
