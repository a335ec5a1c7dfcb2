#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// A listening Unix stream socket.
public struct UnixListener: Sendable {
    /// The listening descriptor, not blocking. Whoever serves it closes it.
    public let descriptor: CInt
    /// The socket file that was made for it; nil when systemd made it.
    private let file: SocketFile?

    /// The listener of a descriptor that systemd passed.
    init(activated descriptor: CInt) {
        self.descriptor = descriptor
        file = nil
    }

    /// Listens at `path` with a file of permission bits `mode`.
    ///
    /// A socket file that nobody listens on any more is replaced; a living one, or any other file, is not.
    public init(path: String, mode: UInt32, backlog: Int = 64) throws(UnixSocketError) {
        let address = try Self.address(path)
        let descriptor = socket(AF_UNIX, Self.socketType, 0)
        guard descriptor >= 0 else { throw UnixSocketError(path: path, reason: Self.errorText()) }
        do throws(UnixSocketError) {
            if unsafe Self.call(bind, descriptor, address) != 0 {
                guard errno == EADDRINUSE else { throw UnixSocketError(path: path, reason: Self.errorText()) }
                try Self.removeStale(path, address)
                guard unsafe Self.call(bind, descriptor, address) == 0 else {
                    throw UnixSocketError(path: path, reason: Self.errorText())
                }
            }
            // Before `listen` nobody can connect, so the mode holds for every connection.
            guard unsafe chmod(path, mode) == 0, listen(descriptor, CInt(clamping: backlog)) == 0 else {
                throw UnixSocketError(path: path, reason: Self.errorText())
            }
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        file = SocketFile(path: path)
    }

    /// Removes the socket file, if it is still the one that was made here.
    public func removeFile() {
        guard let file, SocketFile(path: file.path) == file else { return }
        unsafe unlink(file.path)
    }

    /// Which file a path named when the socket was bound.
    private struct SocketFile: Sendable, Equatable {
        let path: String
        let device: UInt64
        let inode: UInt64
        /// A later file may have the same inode again.
        let changed: Int

        init?(path: String) {
            var information = stat()
            guard unsafe lstat(path, &information) == 0 else { return nil }
            self.path = path
            device = UInt64(information.st_dev)
            inode = UInt64(information.st_ino)
            changed = information.st_ctim.tv_sec * 1_000_000_000 + information.st_ctim.tv_nsec
        }
    }
}

extension UnixListener {
    #if canImport(Glibc)
        private static let socketType = CInt(
            SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    #else
        private static let socketType = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK
    #endif

    /// Unlinks the socket at `path` if a connection to it is refused, which means that nobody listens.
    private static func removeStale(_ path: String, _ address: sockaddr_un) throws(UnixSocketError) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else {
            throw UnixSocketError(path: path, reason: errorText())
        }
        guard information.st_mode & S_IFMT == S_IFSOCK else {
            throw UnixSocketError(path: path, reason: "a file that is no socket is in the way")
        }
        let probe = socket(AF_UNIX, socketType, 0)
        guard probe >= 0 else { throw UnixSocketError(path: path, reason: errorText()) }
        defer { close(probe) }
        guard unsafe call(connect, probe, address) != 0, errno == ECONNREFUSED else {
            throw UnixSocketError(path: path, reason: "another process listens on it")
        }
        guard unsafe unlink(path) == 0 else { throw UnixSocketError(path: path, reason: errorText()) }
    }

    private static func address(_ path: String) throws(UnixSocketError) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count < capacity, !bytes.contains(0) else {
            throw UnixSocketError(path: path, reason: "a socket's path has 1 to \(capacity - 1) bytes")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return address
    }

    private static func call(
        _ function: (CInt, UnsafePointer<sockaddr>?, socklen_t) -> CInt, _ descriptor: CInt,
        _ address: sockaddr_un
    ) -> CInt {
        unsafe withUnsafeBytes(of: address) { bytes in
            let pointer = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            return unsafe function(descriptor, pointer, socklen_t(bytes.count))
        }
    }

    private static func errorText() -> String {
        unsafe String(cString: strerror(errno))
    }
}
