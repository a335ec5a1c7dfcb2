/// The address and port of the other end of a UDP path, as a plain value.
public struct PeerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The family of an address.
    public enum Family: UInt8, Sendable {
        case ipv4 = 4
        case ipv6 = 6
    }

    /// Whether the address is an IPv4 or an IPv6 one.
    public let family: Family

    /// The first eight of the 16 address bytes, big-endian; zero for IPv4.
    public let high: UInt64

    /// The last eight of the 16 address bytes, big-endian; for IPv4 the address in the low 32 bits.
    public let low: UInt64

    /// The UDP port.
    public let port: UInt16

    /// Creates an IPv4 address; 127.0.0.1 is `0x7F00_0001`.
    public init(ipv4 address: UInt32, port: UInt16) {
        family = .ipv4
        high = 0
        low = UInt64(address)
        self.port = port
    }

    /// Creates an IPv6 address from its 16 bytes, big-endian; ::1 is `(0, 1)`.
    public init(ipv6 high: UInt64, _ low: UInt64, port: UInt16) {
        family = .ipv6
        self.high = high
        self.low = low
        self.port = port
    }

    /// Bytes of the IP and UDP headers around each datagram to this address.
    public var headerOverhead: Int {
        family == .ipv4 ? PacketLimits.ipv4Overhead : PacketLimits.ipv6Overhead
    }

    /// Whether the address is 127.0.0.0/8, ::1, or the former mapped into IPv6.
    public var isLoopback: Bool {
        switch family {
        case .ipv4: low >> 24 == 127
        case .ipv6: high == 0 && (low == 1 || low >> 24 == 0xFFFF_7F)
        }
    }

    /// `192.0.2.1:4000` or `[2001:db8:0:0:0:0:0:1]:4000`.
    public var description: String {
        switch family {
        case .ipv4:
            return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255):\(port)"
        case .ipv6:
            let groups = (0..<8).map { index in
                String((index < 4 ? high : low) >> UInt64(48 - index % 4 * 16) & 0xFFFF, radix: 16)
            }
            return "[\(groups.joined(separator: ":"))]:\(port)"
        }
    }
}
