internal import Bundles
internal import Quantization
internal import WireFormat

extension CollectorCore {
    /// Decides on a hello's streams and asks for the accept. A repeated hello gets the same verdicts.
    mutating func receive(_ hello: Hello, _ arrival: Arrival, in session: Session) {
        guard hello.run == session.run, hello.gateway == session.gateway,
            hello.streamCount == session.streamCount
        else {
            counters.drop(.otherRun)
            return
        }
        session.setTick(hello.sendTick, now: arrival.now)
        for (offset, stream) in hello.streams.enumerated() {
            let index = hello.firstStream + offset
            guard index < configuration.maximumStreamsPerSession else { break }
            while session.announcements.count <= index { session.announcements.append(nil) }
            announce(stream, index: index, in: session)
        }
        requestAccept(hello.firstStream..<hello.firstStream + hello.streams.count, in: session)
    }

    /// Decides anew on the streams that were refused for want of their bundle.
    mutating func reconsiderRefusals(_ session: Session) {
        for index in session.announcements.indices {
            guard let former = session.announcements[index],
                case .refused(.unknownBundle, _) = former.decision,
                bundles[former.announced.bundle] != nil
            else { continue }
            announce(former.announced, index: index, in: session)
            requestAccept(index..<index + 1, in: session)
        }
    }

    private mutating func announce(_ stream: HelloStream, index: Int, in session: Session) {
        let former = session.announcements[index]
        if let former, former.announced == stream {
            guard case .refused(.unknownBundle, _) = former.decision else { return }
        }
        session.announcements[index] = Announcement(
            announced: stream, decision: decide(on: stream, index: index, former: former, in: session))
    }

    private mutating func decide(
        on stream: HelloStream, index: Int, former: Announcement?, in session: Session
    ) -> Announcement.Decision {
        guard WireName.isValid(stream.name) else {
            return .refused(.invalidName, text: "a stream's name has 1 to 64 of A-Z a-z 0-9 . _ -")
        }
        let isTaken = session.announcements.indices.contains { other in
            other != index && session.announcements[other]?.announced.name == stream.name
        }
        guard !isTaken else {
            return .refused(.duplicateName, text: "another stream of this gateway has the name")
        }
        guard let decoder = decoder(stream.bundle) else {
            let beginning = stream.bundle.description.prefix(16)
            return .refused(
                .unknownBundle, text: "the collector has no bundle \(beginning)… in its directory")
        }
        guard decoder.dimension == stream.dimension else {
            return .refused(
                .dimensionMismatch,
                text: "the bundle's frames have \(decoder.dimension) values, the stream's \(stream.dimension)"
            )
        }
        guard let number = bundleNumber(decoder, in: session) else {
            return .refused(.unspecified, text: "the session names too many bundles")
        }
        // A stream that only changes its bundle goes on: its numbers do too.
        if let former, case .accepted(let known) = former.decision, known.name == stream.name {
            known.decoder = decoder
            known.bundleNumber = number
            return .accepted(known)
        }
        return .accepted(Stream(name: stream.name, index: index, decoder: decoder, bundleNumber: number))
    }

    private mutating func decoder(_ identity: BundleIdentity) -> BundleDecoder? {
        if let decoder = decoders[identity] { return decoder }
        guard let codec = bundles[identity] else { return nil }
        let decoder = BundleDecoder(identity: identity, codec: codec)
        decoders[identity] = decoder
        return decoder
    }

    /// The session's number of a bundle. Numbers are never used again, so that a late packet is not misread;
    /// a session has twice as many as streams.
    private func bundleNumber(_ decoder: BundleDecoder, in session: Session) -> UInt16? {
        if let number = session.bundles.firstIndex(where: { $0.identity == decoder.identity }) {
            return UInt16(number)
        }
        guard session.bundles.count < min(2 * configuration.maximumStreamsPerSession, Int(UInt16.max)) else {
            return nil
        }
        session.bundles.append(decoder)
        return UInt16(session.bundles.count - 1)
    }

    private mutating func requestAccept(_ streams: Range<Int>, in session: Session) {
        if session.pendingAccepts.isEmpty { ready.append(session.connection) }
        let isPending = session.pendingAccepts.contains {
            $0.lowerBound <= streams.lowerBound && $0.upperBound >= streams.upperBound
        }
        guard !isPending else { return }
        if let last = session.pendingAccepts.last, last.upperBound == streams.lowerBound {
            session.pendingAccepts[session.pendingAccepts.count - 1] = last.lowerBound..<streams.upperBound
        } else if session.pendingAccepts.count < 8 {
            session.pendingAccepts.append(streams)
        } else {
            counters.drop(.reply)
        }
    }
}
