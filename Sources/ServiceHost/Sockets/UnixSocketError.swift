/// Why a Unix socket cannot be listened on.
public struct UnixSocketError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The socket's path.
    public let path: String
    /// What is wrong.
    public let reason: String

    /// `path: reason`.
    public var description: String { "\(path): \(reason)" }
}
