import CLinux
import NIOCore
import WireFormat

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The UDP socket that packets come in on; a channel reads from it and closes it.
struct ReceiveSocket {
    let descriptor: CInt

    /// Holds some seconds of packets of many agents; the kernel allows what `net.core.rmem_max` says.
    private static let receiveBuffer = CInt(4 << 20)

    /// Opens a socket bound to `address`, not blocking.
    init(boundTo address: SocketAddress) throws(IOError) {
        descriptor = socket(CInt(address.protocol.rawValue), Self.socketType, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        var size = Self.receiveBuffer
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        let result = unsafe address.withSockAddr { pointer, size in
            unsafe bind(descriptor, pointer, socklen_t(size))
        }
        guard result == 0 else {
            let error = IOError(errnoCode: errno, reason: "bind")
            close(descriptor)
            throw error
        }
    }

    /// Datagrams that the kernel threw away because nobody read them in time.
    var drops: UInt32 { weir_socket_drops(descriptor) }

    /// Sends one datagram; what cannot be sent at once is lost, as on any link.
    ///
    /// - Returns: whether it was sent.
    func send(_ bytes: RawSpan, to address: PeerAddress) -> Bool {
        let size = unsafe bytes.withUnsafeBytes { bytes in
            unsafe address.withSockAddr { pointer, size in
                unsafe sendto(
                    descriptor, bytes.baseAddress, bytes.count, Self.sendFlags, pointer, size)
            }
        }
        return size >= 0
    }

    #if canImport(Glibc)
        private static let socketType = CInt(
            SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        private static let sendFlags = CInt(MSG_NOSIGNAL)
    #else
        private static let socketType = SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK
        private static let sendFlags = MSG_NOSIGNAL
    #endif
}

extension PeerAddress {
    /// Calls `body` with the address as the system's calls take it.
    fileprivate func withSockAddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafeTemporaryAllocation(byteCount: 28, alignment: 8) { bytes in
            unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
            func store(_ value: some FixedWidthInteger & BitwiseCopyable, at offset: Int) {
                unsafe bytes.storeBytes(of: value.bigEndian, toByteOffset: offset, as: type(of: value))
            }
            store(port, at: 2)
            let size: socklen_t
            switch family {
            case .ipv4:
                unsafe bytes.storeBytes(of: sa_family_t(AF_INET), as: sa_family_t.self)
                store(UInt32(truncatingIfNeeded: low), at: 4)
                size = 16
            case .ipv6:
                unsafe bytes.storeBytes(of: sa_family_t(AF_INET6), as: sa_family_t.self)
                store(high, at: 8)
                store(low, at: 16)
                size = 28
            }
            let pointer = unsafe bytes.assumingMemoryBound(to: sockaddr.self)
            guard let base = pointer.baseAddress else {
                preconditionFailure("28 bytes have an address")
            }
            return unsafe body(base, size)
        }
    }
}
