/// A host and a UDP port as written in a settings file: `127.0.0.1:7300`, `[::1]:7300`, `localhost:7300`.
public struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    /// An address literal without brackets, or a name.
    public var host: String
    /// The port.
    public var port: UInt16
    /// Whether `host` is an address and not a name.
    public var isLiteral: Bool

    /// The form that the settings file takes.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Why this version sends to and listens on loopback addresses only.
    public static let loopbackOnlyReason = """
        packets are not encrypted yet, so this version uses loopback addresses only \
        (127.0.0.0/8, [::1], or a name that resolves to one)
        """
}
