/// One start of an agent: 64 random bits. (gateway, run, stream, sequence) names a frame for ever.
public struct RunID: Sendable, Hashable, CustomStringConvertible {
    /// The 64 bits on the wire.
    public let rawValue: UInt64

    /// Creates an identifier.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Sixteen hexadecimal digits.
    public var description: String { hexadecimal(rawValue) }
}
