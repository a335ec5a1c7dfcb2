private import CSystemd

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// The listening Unix sockets that systemd opened for this process, by `FileDescriptorName=`.
public struct ActivatedSockets: ~Copyable {
    private var descriptors: [String: CInt] = [:]

    /// Takes over the sockets of `LISTEN_FDS`. Call it once, before there are threads: it reads and clears
    /// the environment.
    ///
    /// - Throws: for a descriptor that is no listening Unix stream socket, and for a name used twice.
    public init() throws(ActivationError) {
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = unsafe sd_listen_fds_with_names(1, &list)
        guard count >= 0 else { throw ActivationError(reason: unsafe String(cString: strerror(-count))) }
        defer { unsafe Self.free(list, Int(count)) }
        for offset in 0..<count {
            let descriptor = SD_LISTEN_FDS_START + offset
            let name = unsafe list?[Int(offset)].map { unsafe String(cString: $0) } ?? "unknown"
            guard sd_is_socket_unix(descriptor, CInt(SOCK_STREAM.rawValue), 1, nil, 0) > 0 else {
                throw ActivationError(
                    reason: "descriptor \(descriptor) (\(name)) is no listening Unix stream socket")
            }
            guard descriptors.updateValue(descriptor, forKey: name) == nil else {
                throw ActivationError(reason: "two sockets are named \(name)")
            }
        }
    }

    /// The listener named `name`, now the caller's; nil if there is none.
    public mutating func take(_ name: String) -> UnixListener? {
        descriptors.removeValue(forKey: name).map(UnixListener.init(activated:))
    }

    /// The names that nobody took.
    public var remainingNames: [String] { descriptors.keys.sorted() }

    private static func free(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int) {
        guard let list = unsafe list else { return }
        for index in 0..<count { unsafe freeMemory(list[index]) }
        unsafe freeMemory(list)
    }

    deinit {
        for descriptor in descriptors.values { close(descriptor) }
    }
}

/// Why the sockets that systemd passed cannot be used.
public struct ActivationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let reason: String

    /// One line that names systemd's sockets as the cause.
    public var description: String { "sockets passed by systemd: \(reason)" }
}

private func freeMemory(_ pointer: UnsafeMutableRawPointer?) {
    unsafe free(pointer)
}
