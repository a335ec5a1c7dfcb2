/// What a producer sends, from bytes in pieces of any size to a header and frames.
///
/// The line `{"stream":"press-7","dimension":192}`, then records: u32 byte count (8 + 4 × dimension), u64 timestamp,
/// `dimension` float32 values, all little-endian. After a failure the parser is of no more use.
public struct IngestParser: ~Copyable {
    /// What the next bytes mean.
    public enum Event: Sendable, Hashable {
        /// Nothing yet: all bytes are taken in.
        case needsBytes
        /// The first line; answer it by `accept(dimension:)` or end the connection.
        case header(IngestHeader)
        /// A frame with its timestamp (nanoseconds since 1970, 0 = now); its values are in `values`.
        case frame(timestamp: UInt64)
        /// The bytes are wrong.
        case failure(IngestError)
    }

    /// How long the first line may be, without its newline.
    public static let maximumHeaderBytes = 4096

    private enum Phase {
        case header
        case waitsForVerdict
        case records
        case failed
    }

    private var phase = Phase.header
    /// The beginning of a line or record that is not complete yet.
    private var partial: [UInt8] = []
    private var frame: [Float] = []

    private static let countBytes = 4
    private static let timestampBytes = 8

    /// Creates a parser at the beginning of a connection.
    public init() {}

    /// The values of the last frame, until `next` is called again; all are finite.
    public var values: [Float] { frame }

    /// Reads on in `bytes` from `offset`, which it moves past what it took.
    ///
    /// - Complexity: O(bytes taken). Allocates nothing once records come.
    public mutating func next(_ bytes: RawSpan, from offset: inout Int) -> Event {
        let event =
            switch phase {
            case .header: nextHeader(bytes, from: &offset)
            case .records: nextRecord(bytes, from: &offset)
            case .waitsForVerdict, .failed: preconditionFailure("no bytes are wanted now")
            }
        if case .failure = event { phase = .failed }
        return event
    }

    /// Goes on to records of this dimension.
    public mutating func accept(dimension: Int) {
        guard case .waitsForVerdict = phase else { preconditionFailure("there is no header to accept") }
        precondition(dimension > 0, "a frame has values")
        phase = .records
        frame = [Float](repeating: 0, count: dimension)
        partial.reserveCapacity(Self.countBytes + recordBytes)
    }

    /// What is wrong if the connection ends here.
    public var errorAtEnd: IngestError? {
        partial.isEmpty ? nil : .cutOff(bytes: partial.count)
    }

    /// The byte count that each record must begin with.
    private var recordBytes: Int { Self.timestampBytes + frame.count * MemoryLayout<Float>.size }
}

extension IngestParser {
    private mutating func nextHeader(_ bytes: RawSpan, from offset: inout Int) -> Event {
        while offset < bytes.byteCount {
            let byte = bytes.byte(at: offset)
            offset += 1
            if byte == UInt8(ascii: "\n") {
                guard let header = IngestHeader(line: partial) else { return .failure(.malformedHeader) }
                partial.removeAll(keepingCapacity: true)
                phase = .waitsForVerdict
                return .header(header)
            }
            guard partial.count < Self.maximumHeaderBytes else { return .failure(.headerTooLong) }
            partial.append(byte)
        }
        return .needsBytes
    }

    private mutating func nextRecord(_ bytes: RawSpan, from offset: inout Int) -> Event {
        let size = Self.countBytes + recordBytes
        // A whole record is read where it lies.
        if partial.isEmpty, bytes.byteCount - offset >= size {
            let record = bytes.extracting(offset..<offset + size)
            if let error = checkCount(record) { return .failure(error) }
            offset += size
            return Self.read(record, into: &frame)
        }
        // The count is checked as soon as it is there: a wrong one may promise bytes that never come.
        take(upTo: Self.countBytes, from: bytes, &offset)
        if partial.count >= Self.countBytes, let error = unsafe checkCount(partial.span.bytes) {
            return .failure(error)
        }
        take(upTo: size, from: bytes, &offset)
        guard partial.count == size else { return .needsBytes }
        var record: [UInt8] = []
        swap(&record, &partial)
        let event = unsafe Self.read(record.span.bytes, into: &frame)
        swap(&record, &partial)
        partial.removeAll(keepingCapacity: true)
        return event
    }

    private mutating func take(upTo count: Int, from bytes: RawSpan, _ offset: inout Int) {
        let taken = min(count - partial.count, bytes.byteCount - offset)
        guard taken > 0 else { return }
        for position in offset..<offset + taken {
            partial.append(bytes.byte(at: position))
        }
        offset += taken
    }

    private func checkCount(_ record: RawSpan) -> IngestError? {
        let count = UInt32(littleEndian: record.load(at: 0))
        return Int(count) == recordBytes ? nil : .wrongByteCount(expected: recordBytes, found: count)
    }

    private static func read(_ record: RawSpan, into frame: inout [Float]) -> Event {
        let timestamp = UInt64(littleEndian: record.load(at: countBytes))
        var position = countBytes + timestampBytes
        for index in frame.indices {
            let value = Float(bitPattern: UInt32(littleEndian: record.load(at: position)))
            guard value.isFinite else { return .failure(.nonFiniteValue(index: index)) }
            frame[index] = value
            position += MemoryLayout<Float>.size
        }
        return .frame(timestamp: timestamp)
    }
}

extension RawSpan {
    /// The byte at `offset`; traps outside the span.
    fileprivate func byte(at offset: Int) -> UInt8 {
        // Every bit pattern is a byte; the bounds are checked by the load.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The integer at `offset` in the machine's byte order; traps where it is not inside the span.
    fileprivate func load<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Value {
        // Every bit pattern is an integer; the bounds are checked by the load.
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self)
    }
}
