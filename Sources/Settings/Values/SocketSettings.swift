/// A Unix socket that a service listens on.
public struct SocketSettings: Sendable, Hashable {
    /// The socket's path, at most 107 bytes.
    public var path: String
    /// The permission bits of the socket file.
    public var mode: UInt32
    /// How many connections are served at once; further ones are closed.
    public var maximumConnections: Int
}
