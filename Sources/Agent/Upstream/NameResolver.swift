import NIOCore
import NIOPosix
import Settings

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Asks the system for the addresses of a name, on a thread of its own: that may take as long as it likes.
enum NameResolver {
    /// Resolves `upstream`, and gives the result on `eventLoop`.
    static func resolve(
        _ upstream: NetworkAddress, on eventLoop: any EventLoop
    ) -> EventLoopFuture<Result<[SocketAddress], UpstreamAddress.Problem>> {
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { resolve(upstream) }
    }

    /// Resolves `upstream`; blocks unless its host is a literal.
    static func resolve(_ upstream: NetworkAddress) -> Result<[SocketAddress], UpstreamAddress.Problem> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = datagramSocketType
        unsafe hints.ai_flags = upstream.isLiteral ? AI_NUMERICHOST : 0
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(upstream.host, "\(upstream.port)", &hints, &list)
        guard status == 0 else {
            return .failure(.unresolved("\(upstream)", reason: unsafe String(cString: gai_strerror(status))))
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe socketAddress(entry.pointee) { addresses.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return .success(addresses)
    }

    private static var datagramSocketType: CInt {
        #if canImport(Glibc)
            CInt(SOCK_DGRAM.rawValue)
        #else
            SOCK_DGRAM
        #endif
    }

    private static func socketAddress(_ entry: addrinfo) -> SocketAddress? {
        guard let pointer = unsafe UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch unsafe entry.ai_family {
        case AF_INET: return unsafe SocketAddress(pointer.loadUnaligned(as: sockaddr_in.self))
        case AF_INET6: return unsafe SocketAddress(pointer.loadUnaligned(as: sockaddr_in6.self))
        default: return nil
        }
    }
}
