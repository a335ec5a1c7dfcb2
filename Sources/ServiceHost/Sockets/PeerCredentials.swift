private import CLinux

/// Who is at the other end of a connected Unix socket, as of when it connected.
public struct PeerCredentials: Sendable, Hashable, CustomStringConvertible {
    /// The process id; 0 when it is not visible from here.
    public let process: Int32
    /// The user id.
    public let user: UInt32
    /// The group id.
    public let group: UInt32

    /// Asks the kernel; nil when `descriptor` is no connected Unix socket.
    public init?(descriptor: CInt) {
        var credentials = weir_credentials()
        guard unsafe weir_peer_credentials(descriptor, &credentials) == 0 else { return nil }
        process = credentials.process
        user = credentials.user
        group = credentials.group
    }

    /// For log lines.
    public var description: String { "process \(process) of user \(user)" }
}
