/// The collector's answer to a hello: a verdict for each of its streams. As the hello, it may be of several
/// packets, each for some of the streams.
public struct Accept: Sendable, Hashable {
    /// The most bytes of a refusal's text.
    public static let maximumTextByteCount = 100

    /// The run that is answered.
    public var run: RunID

    /// Streams of the run.
    public var streamCount: Int

    /// Which of the run's streams the first of `verdicts` is for.
    public var firstStream: Int

    /// Verdicts on some or all of the run's streams, in order.
    public var verdicts: [StreamVerdict]

    /// Creates an accept.
    public init(run: RunID, streamCount: Int, firstStream: Int, verdicts: [StreamVerdict]) {
        precondition(
            firstStream >= 0 && firstStream + verdicts.count <= streamCount, "verdicts of the run's streams")
        precondition(streamCount <= Hello.maximumStreams, "a run has at most 65,535 streams")
        self.run = run
        self.streamCount = streamCount
        self.firstStream = firstStream
        self.verdicts = verdicts
    }

    private enum Number {
        static let accepted: UInt8 = 0
        static let refused: UInt8 = 1
    }

    private static let headByteCount = 1 + 8 + 2 + 2 + 1

    /// Appends the control message for the verdicts from `first` on, as many as there is room for. Traps if not
    /// even one fits (128 bytes are always enough).
    ///
    /// - Returns: The index after the last verdict written.
    public func write(from first: Int, into output: inout OutputRawSpan) -> Int {
        precondition(
            firstStream...firstStream + verdicts.count ~= first, "an index of a stream of this accept")
        var room = output.freeCapacity - Self.headByteCount
        var end = first
        while end < firstStream + verdicts.count, end - first < Int(UInt8.max) {
            room -= Self.byteCount(verdicts[end - firstStream])
            guard room >= 0 else { break }
            end += 1
        }
        precondition(end > first || verdicts.isEmpty, "no room for a single verdict")
        output.append(ControlMessage.Number.accept)
        output.append(bigEndian: run.rawValue)
        output.append(bigEndian: UInt16(streamCount))
        output.append(bigEndian: UInt16(first))
        output.append(UInt8(end - first))
        for verdict in verdicts[first - firstStream..<end - firstStream] {
            switch verdict {
            case .accepted(let stream, let bundle):
                output.append(Number.accepted)
                output.append(bigEndian: stream)
                output.append(bigEndian: bundle)
            case .refused(let reason, let text):
                let text = Self.shortened(text)
                output.append(Number.refused)
                output.append(reason.rawValue)
                output.append(UInt8(text.utf8.count))
                output.append(utf8: text)
            }
        }
        return end
    }

    private static func byteCount(_ verdict: StreamVerdict) -> Int {
        switch verdict {
        case .accepted: 5
        case .refused(_, let text): 3 + shortened(text).utf8.count
        }
    }

    /// As much of a text's beginning as fits.
    private static func shortened(_ text: String) -> String {
        var text = text
        while text.utf8.count > maximumTextByteCount { text.removeLast() }
        return text
    }

    /// Reads the message after its number.
    init(parsing body: RawSpan, _ reader: inout ByteReader) throws(WireError) {
        run = RunID(try reader.integer(body))
        let total: UInt16 = try reader.integer(body)
        let first: UInt16 = try reader.integer(body)
        streamCount = Int(total)
        firstStream = Int(first)
        let count = Int(try reader.byte(body))
        guard firstStream + count <= streamCount else { throw WireError(.outOfRange, at: reader.offset - 1) }
        guard count * 3 <= reader.remaining else { throw WireError(.truncated, at: reader.offset - 1) }
        verdicts = []
        verdicts.reserveCapacity(count)
        for _ in 0..<count {
            switch try reader.byte(body) {
            case Number.accepted:
                verdicts.append(
                    .accepted(stream: try reader.integer(body), bundle: try reader.integer(body)))
            case Number.refused:
                let reason = RefusalReason(rawValue: try reader.byte(body)) ?? .unspecified
                let start = reader.offset
                let text = try reader.text(body)
                // It goes into logs and onto terminals.
                guard reader.offset - start - 1 <= Self.maximumTextByteCount,
                    text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
                else { throw WireError(.invalidText, at: start) }
                verdicts.append(.refused(reason, text: text))
            default: throw WireError(.unknownMessage, at: reader.offset - 1)
            }
        }
        try reader.finish()
    }
}
