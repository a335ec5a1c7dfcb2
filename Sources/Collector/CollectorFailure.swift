/// Why the collector ends by itself; whoever supervises it is to start it anew.
public enum CollectorFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system closed the receiving socket.
    case deaf

    /// What happened, in one line.
    public var description: String {
        switch self {
        case .deaf: "the receiving socket was closed by the system"
        }
    }
}
