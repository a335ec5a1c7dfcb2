/// Why bytes from the network are no packet or no message.
public struct WireError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, without its place: what counters are kept by.
    public enum Kind: String, Sendable, CaseIterable {
        /// The bytes end inside a field.
        case truncated
        /// The two version bits are not 01.
        case unsupportedVersion = "unsupported_version"
        /// No packet type has this number.
        case unknownType = "unknown_type"
        /// No message of this packet type has this number.
        case unknownMessage = "unknown_message"
        /// Bits are set that have no meaning, alone or together.
        case reservedBits = "reserved_bits"
        /// A connection id is zero where one is needed, or not where none is possible.
        case connectionID = "connection_id"
        /// A number is written with more bytes than it needs, or does not fit in 64 bits.
        case varint
        /// A number, count or length is outside of what its field allows.
        case outOfRange = "out_of_range"
        /// A name or text is not what names and texts may be.
        case invalidText = "invalid_text"
        /// Bytes follow the end of the message.
        case trailingBytes = "trailing_bytes"
    }

    /// What is wrong.
    public let kind: Kind

    /// Where: an offset in the parsed bytes (a datagram for a header, else a packet's body).
    public let offset: Int

    /// Creates an error.
    public init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// Where, and what is wrong or allowed.
    public var description: String {
        let what =
            switch kind {
            case .truncated: "the packet ends inside a field"
            case .unsupportedVersion: "the version is not 1, the only one known"
            case .unknownType: "packet types are 0 to 4"
            case .unknownMessage: "no message has this number"
            case .reservedBits: "bits without a meaning must be zero"
            case .connectionID: "a connection id is missing, or given where there is none yet"
            case .varint: "a variable-length number must be as short as possible and fit in 64 bits"
            case .outOfRange: "a number is outside of what its field allows"
            case .invalidText: "a name has 1 to 64 of A-Z a-z 0-9 . _ -, a text is printable UTF-8"
            case .trailingBytes: "bytes follow the end of the message"
            }
        return "byte \(offset): \(what)"
    }
}
