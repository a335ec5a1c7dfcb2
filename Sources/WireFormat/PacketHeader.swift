/// The kind of a packet.
public enum PacketType: UInt8, Sendable, CaseIterable {
    /// Blocks of frames, agent to collector.
    case data = 0
    /// Which packets came, collector to agent.
    case report = 1
    /// Hello, accept, keep-alive.
    case control = 2
    /// What comes before there is a session.
    case handshake = 3
    /// The end of a session, or that there is none.
    case close = 4
}

/// The first nine bytes of every packet. What follows them is the packet's body, which encryption will cover;
/// the header stays readable and is authenticated.
public struct PacketHeader: Sendable, Hashable {
    /// Bytes of a header.
    public static let byteCount = 9

    /// What the body holds.
    public var type: PacketType

    /// Which of two keys in succession protects the body; always false before there is encryption.
    public var keyPhase: Bool

    /// Whether the sender's wall clock is synchronised.
    public var clockSynced: Bool

    /// The receiver's name for the session; nil only in the first packet of a handshake.
    public var connection: ConnectionID?

    /// One counter per session and direction, from 0, plus 1 per packet. A handshake packet has 0 and is not
    /// counted.
    public var sequence: UInt32

    /// Creates a header.
    public init(
        type: PacketType, connection: ConnectionID?, sequence: UInt32, clockSynced: Bool = false,
        keyPhase: Bool = false
    ) {
        self.type = type
        self.connection = connection
        self.sequence = sequence
        self.clockSynced = clockSynced
        self.keyPhase = keyPhase
    }

    /// Reads the header of a datagram; the body is `datagram.extracting(PacketHeader.byteCount...)`.
    public init(parsing datagram: RawSpan) throws(WireError) {
        var reader = ByteReader(datagram)
        let first = try reader.byte(datagram)
        guard first >> 6 == 0b01 else { throw WireError(.unsupportedVersion, at: 0) }
        guard let type = PacketType(rawValue: first >> 3 & 0b111) else {
            throw WireError(.unknownType, at: 0)
        }
        guard first & 1 == 0 else { throw WireError(.reservedBits, at: 0) }
        self.type = type
        keyPhase = first & 0b100 != 0
        clockSynced = first & 0b10 != 0
        connection = ConnectionID(try reader.integer(datagram))
        sequence = try reader.integer(datagram)
        guard connection != nil || type == .handshake else { throw WireError(.connectionID, at: 1) }
    }

    /// Appends the header's nine bytes. Traps without room for them.
    public func write(into output: inout OutputRawSpan) {
        output.append(0b0100_0000 | type.rawValue << 3 | (keyPhase ? 0b100 : 0) | (clockSynced ? 0b10 : 0))
        output.append(bigEndian: connection?.rawValue ?? 0)
        output.append(bigEndian: sequence)
    }
}
