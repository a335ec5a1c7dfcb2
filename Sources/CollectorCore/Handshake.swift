internal import WireFormat

/// A handshake that was answered and waits for its hello.
struct Handshake {
    let agent: ConnectionID
    let collector: ConnectionID
    let nonce: UInt64
    let address: PeerAddress
    let begun: MonotonicInstant
}

/// A datagram outside of sessions that waits to be sent.
struct Reply {
    enum Body {
        case handshake(HandshakeMessage)
        case close(CloseReason)
    }

    let address: PeerAddress
    let connection: ConnectionID
    let body: Body
    var sequence: UInt32 = 0
}
