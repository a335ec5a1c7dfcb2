internal import Bundles
internal import Quantization
internal import WireFormat

extension CollectorCore {
    /// Checks that a data packet's body can be walked to its end.
    func validateBlocks(_ body: RawSpan) throws(WireError) {
        var reader = try BlockReader(body: body)
        while try reader.next(in: body) != nil {}
    }

    /// Delivers what is new in a data packet.
    mutating func receiveBlocks(
        _ body: RawSpan, _ arrival: Arrival, isNewest: Bool, in session: Session,
        deliver: (DeliveredFrame, Span<Float>) -> Void
    ) throws(WireError) {
        var reader = try BlockReader(body: body)
        let sentAt = session.sendTick(low24: reader.sendTick, isNewest: isNewest, now: arrival.now)
        while let block = try reader.next(in: body) {
            let header = block.header
            guard let stream = stream(of: header, in: session) else { continue }
            guard let decoder = decoder(of: header, stream: stream, in: session) else {
                counters.drop(.unknownBundle)
                continue
            }
            guard header.frameCount <= decoder.maximumFramesPerBlock else {
                counters.drop(.tooManyFrames)
                continue
            }
            guard let first = firstSequence(header, stream: stream, packet: arrival.header.sequence) else {
                counters.drop(.unknownSequence)
                continue
            }
            let place = Place(
                arrival: arrival, session: session, stream: stream, decoder: decoder, first: first,
                sentAt: sentAt)
            if let tokens = header.tokens, tokens != 0..<decoder.shape.tokens {
                try receivePart(block, tokens: tokens, in: body, place, deliver: deliver)
            } else {
                try receiveWhole(block, in: body, place, deliver: deliver)
            }
        }
    }

    /// What a block belongs to.
    private struct Place {
        let arrival: Arrival
        let session: Session
        let stream: Stream
        let decoder: BundleDecoder
        let first: UInt64
        let sentAt: Tick

        func frame(_ sequence: UInt64, time: WallTime, rung: Int) -> DeliveredFrame {
            DeliveredFrame(
                gateway: session.gateway, run: session.run, stream: stream.name, streamIndex: stream.index,
                sequence: sequence, agentTime: time, clockSynced: arrival.header.clockSynced,
                arrival: arrival.wall, bundle: decoder.identity, rung: rung)
        }

        func time(_ tick: Tick) -> WallTime {
            tick.wallTime(wallAtTickZero: session.wallAtTickZero)
        }
    }

    private mutating func receiveWhole(
        _ block: Block, in body: RawSpan, _ place: Place, deliver: (DeliveredFrame, Span<Float>) -> Void
    ) throws(WireError) {
        let header = block.header
        let (stream, decoder) = (place.stream, place.decoder)
        var fresh = 0
        for sequence in place.first..<place.first + UInt64(header.frameCount)
        where isFresh(sequence, in: stream) {
            fresh += 1
        }
        guard fresh > 0 else { return }
        do throws(BlockError) {
            try decoder.decode(block, in: body)
        } catch {
            counters.drop(.undecodable)
            return
        }
        stream.history.note(
            place.first + UInt64(header.frameCount) - 1, inPacket: place.arrival.header.sequence)
        counters.framesDelivered += UInt64(fresh)
        try block.forEachTick(in: body, sentAt: place.sentAt) { index, tick throws(WireError) in
            let sequence = place.first + UInt64(index)
            guard case .fresh = stream.window.verdict(on: sequence) else { return }
            stream.deliver(sequence, rung: header.rung, arrival: place.arrival.wall)
            decoder.withFrame(index) { values in
                deliver(place.frame(sequence, time: place.time(tick), rung: header.rung), values)
            }
        }
    }

    /// Keeps a part of a large frame, and delivers the frame if it is the last that was missing.
    private mutating func receivePart(
        _ block: Block, tokens: Range<Int>, in body: RawSpan, _ place: Place,
        deliver: (DeliveredFrame, Span<Float>) -> Void
    ) throws(WireError) {
        let (stream, decoder, session) = (place.stream, place.decoder, place.session)
        let rung = block.header.rung
        guard isFresh(place.first, in: stream) else { return }
        guard tokens.upperBound <= decoder.shape.tokens, rung < decoder.rungCount else {
            counters.drop(.undecodable)
            return
        }
        let known = partialFrames.index(
            connection: session.connection, stream: stream.index, sequence: place.first)
        if let known {
            // No copy of the frame may live on: its values are written in place.
            guard partialFrames.frames[known].rung == rung,
                partialFrames.frames[known].bundle == decoder.identity
            else {
                counters.drop(.mismatchedPart)
                return
            }
            guard !partialFrames.frames[known].hasAll(tokens) else {
                stream.duplicates += 1
                counters.drop(.duplicateFrame)
                return
            }
        } else {
            let tick = place.sentAt.advanced(by: -block.header.timing.age)
            let discarded = partialFrames.append(
                PartialFrames.Frame(
                    connection: session.connection, stream: stream.index, sequence: place.first, rung: rung,
                    decoder: decoder, agentTime: place.time(tick), begun: place.arrival.now),
                limits: configuration)
            counters.drop(.partialFrame, count: discarded)
        }
        let index = known ?? partialFrames.frames.count - 1
        do throws(BlockError) {
            try partialFrames.add(block, in: body, tokens: tokens, toFrameAt: index, using: decoder)
        } catch {
            if known == nil { _ = partialFrames.remove(at: index) }
            counters.drop(.undecodable)
            return
        }
        stream.history.note(place.first, inPacket: place.arrival.header.sequence)
        guard partialFrames.frames[index].missingTokens == 0 else { return }
        let frame = partialFrames.remove(at: index)
        stream.deliver(place.first, rung: rung, arrival: place.arrival.wall)
        counters.framesDelivered += 1
        deliver(place.frame(place.first, time: frame.agentTime, rung: rung), frame.values.span)
    }

    private mutating func stream(of header: BlockHeader, in session: Session) -> Stream? {
        switch session.stream(header.stream) {
        case .success(let stream): return stream
        case .failure(.unknown): counters.drop(.unknownStream)
        case .failure(.refused): counters.drop(.refusedStream)
        }
        return nil
    }

    private func decoder(of header: BlockHeader, stream: Stream, in session: Session) -> BundleDecoder? {
        guard let number = header.bundle else { return stream.decoder }
        guard session.bundles.indices.contains(Int(number)) else { return nil }
        let decoder = session.bundles[Int(number)]
        return decoder.dimension == stream.decoder.dimension ? decoder : nil
    }

    private func firstSequence(_ header: BlockHeader, stream: Stream, packet: UInt32) -> UInt64? {
        switch header.sequence {
        case .full(let sequence): sequence
        case .low(let low): stream.history.resolve(low: low, inPacket: packet)
        }
    }

    /// Whether a frame was not delivered before; counts it if it was.
    private mutating func isFresh(_ sequence: UInt64, in stream: Stream) -> Bool {
        switch stream.window.verdict(on: sequence) {
        case .fresh: return true
        case .duplicate:
            stream.duplicates += 1
            counters.drop(.duplicateFrame)
        case .stale: counters.drop(.lateFrame)
        }
        return false
    }
}
