import Crypto

/// What names a bundle everywhere: the SHA-256 of its file.
public struct BundleIdentity: Sendable, Hashable {
    /// Bytes of an identity.
    public static let byteCount = 32

    /// The 32 bytes.
    public let bytes: [UInt8]

    /// An identity of 32 bytes. Traps on another number.
    public init(bytes: RawSpan) {
        precondition(bytes.byteCount == Self.byteCount, "an identity has 32 bytes")
        self.bytes = bytes.byteOffsets.map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }

    /// An identity written as 64 hexadecimal digits of either case; nil for any other text.
    public init?(hexadecimal: some StringProtocol) {
        let digits = Array(hexadecimal.utf8)
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.digit(digits[index]), let low = Self.digit(digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// The identity of a file's content.
    init(hashing content: [UInt8]) {
        bytes = Array(SHA256.hash(data: content))
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension BundleIdentity: CustomStringConvertible {
    /// 64 lowercase hexadecimal digits.
    public var description: String {
        bytes.reduce(into: "") { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}
