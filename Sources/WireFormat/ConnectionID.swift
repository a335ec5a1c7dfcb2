/// What a receiver calls a session: every packet to it begins with it. Random, never zero.
public struct ConnectionID: Sendable, Hashable, CustomStringConvertible {
    /// The 32 bits on the wire.
    public let rawValue: UInt32

    /// Creates an identifier; nil for zero, which stands for "none yet" in a handshake's first packet.
    public init?(_ rawValue: UInt32) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }

    /// Draws an identifier.
    public static func random(using generator: inout some RandomNumberGenerator) -> ConnectionID {
        while true {
            if let identifier = ConnectionID(UInt32.random(in: 1 ... .max, using: &generator)) {
                return identifier
            }
        }
    }

    /// Eight hexadecimal digits.
    public var description: String { hexadecimal(rawValue) }
}

/// Fixed-width lower-case hexadecimal digits.
func hexadecimal(_ value: some FixedWidthInteger & UnsignedInteger) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: value.bitWidth / 4 - digits.count) + digits
}
