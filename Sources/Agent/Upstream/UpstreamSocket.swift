import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A UDP socket connected to the upstream, for sending; a channel reads from it and closes it.
///
/// NIO closes a datagram channel on errors of `sendto` that pass by themselves (an interface that is down, a port
/// without listener) and does not tell the sender which they were; so packets are sent by the call itself. It
/// also spares an allocation for each.
struct UpstreamSocket {
    /// What became of a datagram.
    enum Outcome {
        case sent
        /// The socket's buffer is full, as any router's may be: the packet is lost.
        case lost
        /// The system knows that it does not get there: no route, no network.
        case unreachable
        /// The upstream's host said that nobody listens there.
        case refused
        /// The interface does not take packets of that size.
        case tooLarge
    }

    let descriptor: CInt

    /// Opens a socket to `address`, not blocking.
    init(connectedTo address: SocketAddress) throws {
        descriptor = socket(CInt(address.protocol.rawValue), Self.socketType, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        let result = unsafe address.withSockAddr { pointer, size in
            unsafe connect(descriptor, pointer, socklen_t(size))
        }
        guard result == 0 else {
            let error = IOError(errnoCode: errno, reason: "connect")
            _ = closeDescriptor(descriptor)
            throw error
        }
    }

    /// Sends one datagram.
    func send(_ bytes: RawSpan) -> Outcome {
        let sent = unsafe bytes.withUnsafeBytes { bytes in
            unsafe Self.send(descriptor, bytes.baseAddress, bytes.count)
        }
        guard sent < 0 else { return .sent }
        switch errno {
        case EAGAIN, ENOBUFS, ENOMEM, EINTR: return .lost
        case ECONNREFUSED: return .refused
        case EMSGSIZE: return .tooLarge
        default: return .unreachable
        }
    }

    /// The address that packets leave from.
    var localAddress: SocketAddress? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            guard let start = bytes.baseAddress else { return nil }
            let pointer = unsafe start.assumingMemoryBound(to: sockaddr.self)
            guard unsafe getsockname(descriptor, pointer, &size) == 0 else { return nil }
            switch unsafe Int32(pointer.pointee.sa_family) {
            case AF_INET: return unsafe SocketAddress(start.loadUnaligned(as: sockaddr_in.self))
            case AF_INET6: return unsafe SocketAddress(start.loadUnaligned(as: sockaddr_in6.self))
            default: return nil
            }
        }
    }

    /// Closes a socket that no channel reads from.
    func close() { _ = closeDescriptor(descriptor) }

    #if canImport(Glibc)
        private static let socketType = CInt(
            SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        private static func send(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
            unsafe Glibc.send(descriptor, bytes, count, CInt(MSG_NOSIGNAL))
        }
    #else
        private static let socketType = SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK
        private static func send(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
            unsafe Musl.send(descriptor, bytes, count, MSG_NOSIGNAL)
        }
    #endif
}

/// `close` by a name that the type's own method does not hide.
private func closeDescriptor(_ descriptor: CInt) -> CInt {
    #if canImport(Glibc)
        Glibc.close(descriptor)
    #else
        Musl.close(descriptor)
    #endif
}

extension SocketAddress {
    /// The address alone.
    var withoutPort: SocketAddress {
        var address = self
        address.port = 0
        return address
    }
}
