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
    /// When the next hello packet is sent whatever the budget; nil once every stream has a verdict and none is
    /// refused.
    var nextHello: MonotonicInstant?
    /// The stream from which on the next hello packet announces those that want a verdict; above 0 when that packet
    /// is one of several, and goes as soon as there is budget.
    var helloStream = 0
    /// How often all were announced.
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
