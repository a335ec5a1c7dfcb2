public import NIOCore
public import WireFormat

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
