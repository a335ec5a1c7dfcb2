internal import DequeModule
public import WireFormat

extension CollectorCore {
    /// Writes the next datagram that is to be sent now, and says where to; nil when there is none.
    ///
    /// Call it until it gives nil, after each `receive` and when `nextDeadline` has come. Traps unless `output` is
    /// empty and has room for `PacketLimits.maximumDatagram` bytes.
    public mutating func nextDatagram(into output: inout OutputRawSpan, now: MonotonicInstant) -> PeerAddress?
    {
        precondition(
            output.byteCount == 0 && output.freeCapacity >= PacketLimits.maximumDatagram,
            "room for a whole datagram")
        sweepIfDue(now)
        let address =
            nextReply(into: &output) ?? nextOfSession(into: &output) ?? nextReport(into: &output, now: now)
        if address != nil {
            counters.datagramsSent += 1
            counters.bytesSent += UInt64(output.byteCount)
        }
        return address
    }

    private mutating func nextReply(into output: inout OutputRawSpan) -> PeerAddress? {
        guard let reply = replies.popFirst() else { return nil }
        switch reply.body {
        case .handshake(let message):
            PacketHeader(type: .handshake, connection: reply.connection, sequence: 0).write(into: &output)
            message.write(into: &output)
        case .close(let reason):
            PacketHeader(type: .close, connection: reply.connection, sequence: reply.sequence)
                .write(into: &output)
            reason.write(into: &output)
        }
        return reply.address
    }

    /// A close or an accept of the sessions that have one to send.
    private mutating func nextOfSession(into output: inout OutputRawSpan) -> PeerAddress? {
        while let connection = ready.first {
            guard let session = sessions[connection] else {
                ready.removeFirst()
                continue
            }
            if let reason = session.closing {
                let address = session.path.address
                session.nextHeader(.close).write(into: &output)
                reason.write(into: &output)
                remove(session)
                return address
            }
            if let address = nextAccept(of: session, into: &output) { return address }
            ready.removeFirst()
        }
        return nil
    }

    private mutating func nextAccept(of session: Session, into output: inout OutputRawSpan) -> PeerAddress? {
        guard let streams = session.pendingAccepts.first else { return nil }
        // Each packet is for as many streams as there is room for; 256 verdicts never fit.
        let some = streams.prefix(256)
        let accept = Accept(
            run: session.run, streamCount: session.streamCount, firstStream: streams.lowerBound,
            verdicts: some.map { verdict(on: $0, in: session) })
        session.nextHeader(.control).write(into: &output)
        let end = accept.write(from: streams.lowerBound, into: &output)
        if end == streams.upperBound {
            session.pendingAccepts.removeFirst()
        } else {
            session.pendingAccepts[0] = end..<streams.upperBound
        }
        guard session.path.allows(output.byteCount) else {
            output.removeAll()
            session.pendingAccepts = []
            counters.drop(.reply)
            return nil
        }
        session.path.sent(output.byteCount)
        return session.path.address
    }

    private func verdict(on index: Int, in session: Session) -> StreamVerdict {
        guard index < configuration.maximumStreamsPerSession else {
            return .refused(
                .tooManyStreams,
                text: "the collector takes \(configuration.maximumStreamsPerSession) streams of a gateway")
        }
        guard session.announcements.indices.contains(index), let announcement = session.announcements[index]
        else { preconditionFailure("accepts are asked for streams that were announced") }
        return announcement.verdict
    }

    /// Sees to it that a report follows a packet: soon if none was sent lately.
    mutating func scheduleReport(_ session: Session, now: MonotonicInstant) {
        let last = session.lastReport
        var deadline = now + configuration.firstReportDelay
        if let last { deadline = max(deadline, last.sent + session.reportInterval) }
        let pending = session.arrivals.received - (last?.received ?? 0)
        let isFull = pending == UInt64(configuration.packetsPerReport)
        if isFull, session.reportIsScheduled {
            reportDeadlines.remove(session.connection)
            session.reportIsScheduled = false
        }
        guard !session.reportIsScheduled else { return }
        reportDeadlines.insert(isFull ? now : deadline, for: session.connection)
        session.reportIsScheduled = true
    }

    private mutating func nextReport(into output: inout OutputRawSpan, now: MonotonicInstant) -> PeerAddress?
    {
        while let connection = reportDeadlines.popDue(now) {
            guard let session = sessions[connection] else { continue }
            session.reportIsScheduled = false
            // An address that is not proved gets a report as soon as it may have one without entries.
            let room = session.path.allowance - PacketHeader.byteCount - Report.byteCountWithoutEntries
            guard room >= 0 else {
                counters.drop(.reply)
                continue
            }
            guard
                let report = session.arrivals.report(
                    lastReported: session.lastReport?.newest,
                    maximumEntries: min(room, Report.maximumEntries))
            else { continue }
            session.lastReport = (now, report.newest, session.arrivals.received)
            let byteCount = PacketHeader.byteCount + report.byteCount
            session.nextHeader(.report).write(into: &output)
            report.write(into: &output)
            session.path.sent(byteCount)
            counters.reportsSent += 1
            return session.path.address
        }
        return nil
    }
}
