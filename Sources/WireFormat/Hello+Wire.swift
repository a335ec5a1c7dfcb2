internal import Bundles
internal import Quantization

extension Hello {
    /// The fewest bytes of a stream: name length, dimension, bundle.
    private static let minimumStreamByteCount = 1 + 4 + BundleIdentity.byteCount

    /// Appends the control message for the streams from `first` on, as many as there is room for.
    ///
    /// Traps if the gateway's name is not valid, a stream's is longer than 255 bytes, or not even one stream fits
    /// (480 bytes are always enough).
    ///
    /// - Parameters:
    ///   - first: The run's index of the first stream to write.
    ///   - output: The packet, its header already written.
    /// - Returns: The index after the last stream written: `first` of the next packet, until it is `streamCount`.
    public func write(from first: Int, into output: inout OutputRawSpan) -> Int {
        precondition(WireName.isValid(gateway), "a gateway's name has 1 to 64 of A-Z a-z 0-9 . _ -")
        precondition(firstStream...firstStream + streams.count ~= first, "an index of a stream of this hello")
        var room = output.freeCapacity - headByteCount
        var end = first
        while end < firstStream + streams.count, end - first < Int(UInt8.max) {
            room -= Self.minimumStreamByteCount + streams[end - firstStream].name.utf8.count
            guard room >= 0 else { break }
            end += 1
        }
        precondition(end > first || first == firstStream + streams.count, "no room for a single stream")
        output.append(ControlMessage.Number.hello)
        output.append(bigEndian: run.rawValue)
        output.append(UInt8(gateway.utf8.count))
        output.append(utf8: gateway)
        output.append(bigEndian: wallAtTickZero.nanoseconds)
        output.append(bigEndian: sendTick.count)
        output.append(bigEndian: UInt16(clamping: reportInterval.wholeNanoseconds / 1_000_000))
        output.append(bigEndian: UInt16(streamCount))
        output.append(bigEndian: UInt16(first))
        output.append(UInt8(end - first))
        for stream in streams[first - firstStream..<end - firstStream] {
            precondition(stream.name.utf8.count <= Int(UInt8.max), "a name on the wire has at most 255 bytes")
            output.append(UInt8(stream.name.utf8.count))
            output.append(utf8: stream.name)
            output.append(bigEndian: UInt32(stream.dimension))
            for byte in stream.bundle.bytes { output.append(byte) }
        }
        return end
    }

    private var headByteCount: Int { 1 + 8 + 1 + gateway.utf8.count + 8 + 8 + 2 + 2 + 2 + 1 }

    /// Reads the message after its number.
    init(parsing body: RawSpan, _ reader: inout ByteReader) throws(WireError) {
        run = RunID(try reader.integer(body))
        let nameStart = reader.offset
        gateway = try reader.text(body)
        guard WireName.isValid(gateway) else { throw WireError(.invalidText, at: nameStart) }
        wallAtTickZero = WallTime(nanoseconds: try reader.integer(body))
        let tickStart = reader.offset
        let tick: Int64 = try reader.integer(body)
        guard -Tick.limit...Tick.limit ~= tick else { throw WireError(.outOfRange, at: tickStart) }
        sendTick = Tick(tick)
        let milliseconds: UInt16 = try reader.integer(body)
        reportInterval = .milliseconds(milliseconds)
        let total: UInt16 = try reader.integer(body)
        streamCount = Int(total)
        let first: UInt16 = try reader.integer(body)
        firstStream = Int(first)
        let count = Int(try reader.byte(body))
        guard firstStream + count <= streamCount else { throw WireError(.outOfRange, at: reader.offset - 1) }
        guard count * Self.minimumStreamByteCount <= reader.remaining else {
            throw WireError(.truncated, at: reader.offset - 1)
        }
        streams = []
        streams.reserveCapacity(count)
        for _ in 0..<count {
            let name = try reader.text(body)
            let dimensionStart = reader.offset
            let dimension: UInt32 = try reader.integer(body)
            guard 1...UInt32(FrameShape.maximumDimension) ~= dimension else {
                throw WireError(.outOfRange, at: dimensionStart)
            }
            let identity = body.extracting(try reader.skip(BundleIdentity.byteCount))
            streams.append(
                HelloStream(name: name, dimension: Int(dimension), bundle: BundleIdentity(bytes: identity)))
        }
        try reader.finish()
    }
}

extension ByteReader {
    /// Reads a text after its length byte; what is not UTF-8 becomes U+FFFD.
    mutating func text(_ bytes: RawSpan) throws(WireError) -> String {
        let length = Int(try byte(bytes))
        let range = try skip(length)
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        for offset in range { text.append(bytes.byte(at: offset)) }
        return String(decoding: text, as: UTF8.self)
    }
}
