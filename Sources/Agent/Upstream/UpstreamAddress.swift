public import NIOCore
import Settings
public import WireFormat

/// The addresses that an upstream's name stands for, and which of them packets may go to.
public enum UpstreamAddress {
    /// Why packets go nowhere.
    public enum Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// The name has no address, or nobody could be asked.
        case unresolved(String, reason: String)
        /// There is no address that packets may go to.
        case notLoopback(String, found: String)

        /// One line: what is wrong and what is allowed.
        public var description: String {
            switch self {
            case .unresolved(let address, let reason): "upstream \(address) cannot be resolved: \(reason)"
            case .notLoopback(let address, let found):
                "upstream \(address) resolves to \(found), refused: \(NetworkAddress.loopbackOnlyReason)"
            }
        }
    }

    /// Chooses from what a name resolved to: the present address while it is among the allowed ones and somebody
    /// answers there, else the next of those, so that all have their turn.
    public static func choose(
        from addresses: [SocketAddress], present: SocketAddress?, isAnswering: Bool, for upstream: String
    ) throws(Problem) -> SocketAddress {
        let allowed = addresses.filter { PeerAddress($0)?.isLoopback == true }
        guard let first = allowed.first else {
            let found = addresses.compactMap(\.ipAddress).prefix(4).joined(separator: ", ")
            throw .notLoopback(upstream, found: found.isEmpty ? "nothing" : found)
        }
        guard let present, let index = allowed.firstIndex(of: present) else { return first }
        return isAnswering ? present : allowed[(index + 1) % allowed.count]
    }
}

extension PeerAddress {
    /// The address of an IPv4 or IPv6 socket; nil for any other.
    public init?(_ address: SocketAddress) {
        // By offset, as the kernel's interface fixes them: family 2, port 2, then IPv4 4 bytes, or IPv6 4 and 16.
        let fields = unsafe address.withSockAddr {
            pointer, size -> (port: UInt16, v4: UInt32, v6: (UInt64, UInt64)) in
            let bytes = unsafe UnsafeRawBufferPointer(start: pointer, count: size)
            func field<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _: Value.Type) -> Value {
                guard offset + MemoryLayout<Value>.size <= bytes.count else { return 0 }
                return Value(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
            }
            return (
                field(2, UInt16.self), field(4, UInt32.self), (field(8, UInt64.self), field(16, UInt64.self))
            )
        }
        switch address {
        case .v4: self.init(ipv4: fields.v4, port: fields.port)
        case .v6: self.init(ipv6: fields.v6.0, fields.v6.1, port: fields.port)
        case .unixDomainSocket: return nil
        }
    }
}
