/// The collector's feedback: which of the agent's packets came, and when. Reports overlap, so that a lost one
/// loses nothing.
public struct Report: Sendable {
    /// What a report says of one packet.
    public enum Entry: Sendable, Hashable {
        /// It had not come when the report was written.
        case missing

        /// It came so many whole milliseconds before the newest (negative reordering counts as 0); nil if that
        /// is 250 or more.
        case received(millisecondsBefore: Int?)
    }

    /// The most entries of a report.
    public static let maximumEntries = 255

    /// Milliseconds from which on an entry only says that its packet came.
    public static let maximumMilliseconds = 250

    /// The highest packet sequence number that came.
    public var newest: UInt32

    /// When it came: the low 32 bits of the collector's monotonic clock in ticks of 250 µs.
    public var newestArrival: UInt32

    /// Packets that came since the session's start, each once.
    public var received: UInt32

    /// Entries: entry k is about packet `newest − 1 − k`.
    public private(set) var entryCount: Int

    private var bytes: InlineArray<255, UInt8>

    /// Bytes of the body on the wire, without entries.
    public static let byteCountWithoutEntries = 13

    /// Bytes of the body on the wire.
    public var byteCount: Int { Self.byteCountWithoutEntries + entryCount }

    /// Creates a report without entries.
    public init(newest: UInt32, newestArrival: UInt32, received: UInt32 = 0) {
        self.newest = newest
        self.newestArrival = newestArrival
        self.received = received
        entryCount = 0
        bytes = InlineArray(repeating: 0)
    }

    /// Creates a report from entries as they are on the wire: 0 for missing, else 1 + min(250, milliseconds
    /// before the newest). Traps above 255 of them.
    public init(newest: UInt32, newestArrival: UInt32, received: UInt32 = 0, entries: [UInt8]) {
        self.init(newest: newest, newestArrival: newestArrival, received: received)
        for entry in entries { append(entry) }
    }

    /// What the report says of packet `newest − 1 − index`. Traps outside of 0..<entryCount.
    public func entry(_ index: Int) -> Entry {
        precondition(0..<entryCount ~= index, "entries are 0..<entryCount")
        let byte = Int(bytes[index])
        guard byte > 0 else { return .missing }
        return .received(millisecondsBefore: byte > Self.maximumMilliseconds ? nil : byte - 1)
    }

    /// Adds what is said of the next older packet. Traps when the report is full.
    public mutating func append(_ entry: Entry) {
        switch entry {
        case .missing: append(0 as UInt8)
        case .received(let milliseconds):
            append(UInt8(1 + min(Self.maximumMilliseconds, max(0, milliseconds ?? Self.maximumMilliseconds))))
        }
    }

    private mutating func append(_ byte: UInt8) {
        precondition(entryCount < Self.maximumEntries, "a report has at most 255 entries")
        precondition(byte <= UInt8(1 + Self.maximumMilliseconds), "entries are 0 to 251")
        bytes[entryCount] = byte
        entryCount += 1
    }

    /// Reads a report packet's body.
    public init(parsing body: RawSpan) throws(WireError) {
        var reader = ByteReader(body)
        self.init(newest: try reader.integer(body), newestArrival: try reader.integer(body))
        let count = Int(try reader.byte(body))
        for _ in 0..<count {
            let byte = try reader.byte(body)
            guard byte <= UInt8(1 + Self.maximumMilliseconds) else {
                throw WireError(.outOfRange, at: reader.offset - 1)
            }
            append(byte)
        }
        received = try reader.integer(body)
        try reader.finish()
    }

    /// Appends the body, 13 bytes and one for each entry. Traps without room for it.
    public func write(into output: inout OutputRawSpan) {
        output.append(bigEndian: newest)
        output.append(bigEndian: newestArrival)
        output.append(UInt8(entryCount))
        for index in 0..<entryCount { output.append(bytes[index]) }
        output.append(bigEndian: received)
    }
}

extension Report: Equatable {
    /// Whether both say the same.
    public static func == (left: Report, right: Report) -> Bool {
        left.newest == right.newest && left.newestArrival == right.newestArrival
            && left.received == right.received && left.entryCount == right.entryCount
            && (0..<left.entryCount).allSatisfy { left.bytes[$0] == right.bytes[$0] }
    }
}
