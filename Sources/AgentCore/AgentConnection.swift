import WireFormat

/// Attempts to begin a session.
struct Handshake: Sendable {
    let own: ConnectionID
    let nonce: UInt64
    var attempts: Int
    var nextAttempt: MonotonicInstant
}

/// A session with a collector.
struct AgentSession: Sendable {
    let own: ConnectionID
    let peer: ConnectionID
    var nextSequence: UInt32 = 0
    var lastSent: MonotonicInstant
    /// When the hello is sent next; nil once every stream has a verdict and none is refused.
    var nextHello: MonotonicInstant?
    /// The stream that the next hello packet starts with.
    var helloStream = 0
    var hellos = 0
    /// Whether every stream has a verdict.
    var isAccepted = false
}

/// Where the agent stands with its collector.
enum AgentConnection: Sendable {
    /// No session: handshakes go out, frames wait.
    case connecting(Handshake)
    /// A session; where nothing answers it any more, a handshake for the next one besides.
    case open(AgentSession, renewal: Handshake?)
    /// Everything is sent; close packets are left to send.
    case closing(AgentSession, packets: Int)
    /// The end.
    case closed
}
