/// The body of a handshake packet: both ends name their side of the session, and the agent shows that it
/// receives where it sends from. A Noise handshake takes this one's place later.
public enum HandshakeMessage: Sendable, Hashable {
    /// Agent to collector, under no connection id (the header's is zero): what the agent calls the session, and
    /// 64 random bits that the response repeats.
    case initiation(agent: ConnectionID, nonce: UInt64)

    /// Collector to agent, under the agent's connection id: what the collector calls the session.
    case response(collector: ConnectionID, nonce: UInt64)

    /// Bytes of either body.
    public static let byteCount = 13

    private enum Number {
        static let initiation: UInt8 = 1
        static let response: UInt8 = 2
    }

    /// Reads a handshake packet's body.
    public init(parsing body: RawSpan) throws(WireError) {
        var reader = ByteReader(body)
        let number = try reader.byte(body)
        guard let connection = ConnectionID(try reader.integer(body)) else {
            throw WireError(.connectionID, at: 1)
        }
        let nonce: UInt64 = try reader.integer(body)
        try reader.finish()
        switch number {
        case Number.initiation: self = .initiation(agent: connection, nonce: nonce)
        case Number.response: self = .response(collector: connection, nonce: nonce)
        default: throw WireError(.unknownMessage, at: 0)
        }
    }

    /// Appends the body. Traps without room for 13 bytes.
    public func write(into output: inout OutputRawSpan) {
        switch self {
        case .initiation(let agent, let nonce):
            output.append(Number.initiation)
            output.append(bigEndian: agent.rawValue)
            output.append(bigEndian: nonce)
        case .response(let collector, let nonce):
            output.append(Number.response)
            output.append(bigEndian: collector.rawValue)
            output.append(bigEndian: nonce)
        }
    }
}
