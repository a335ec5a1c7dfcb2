public import WireFormat

/// What a collector core has counted since its start.
public struct CollectorCounters: Sendable, Hashable {
    /// Datagrams that came, good or bad.
    public internal(set) var datagramsReceived: UInt64 = 0

    /// Bytes of their UDP payloads.
    public internal(set) var bytesReceived: UInt64 = 0

    /// Datagrams that were sent.
    public internal(set) var datagramsSent: UInt64 = 0

    /// Bytes of their UDP payloads.
    public internal(set) var bytesSent: UInt64 = 0

    /// Reports among the datagrams sent.
    public internal(set) var reportsSent: UInt64 = 0

    /// Frames delivered, each once.
    public internal(set) var framesDelivered: UInt64 = 0

    /// Handshakes begun.
    public internal(set) var handshakes: UInt64 = 0

    /// Sessions begun.
    public internal(set) var sessionsOpened: UInt64 = 0

    /// Sessions ended by a close from their agent.
    public internal(set) var sessionsClosed: UInt64 = 0

    /// Sessions ended by silence.
    public internal(set) var sessionsTimedOut: UInt64 = 0

    /// Sessions whose place a newer one of the same gateway took.
    public internal(set) var sessionsReplaced: UInt64 = 0

    private var drops: [CollectorDrop: UInt64] = [:]
    private var malformed: [WireError.Kind: UInt64] = [:]

    /// What was thrown away for a reason.
    public func dropped(_ reason: CollectorDrop) -> UInt64 {
        drops[reason, default: 0]
    }

    /// Datagrams thrown away because their bytes are no packet, by what is wrong with them.
    public func malformed(_ kind: WireError.Kind) -> UInt64 {
        malformed[kind, default: 0]
    }

    /// Datagrams thrown away because their bytes are no packet.
    public var allMalformed: UInt64 { malformed.values.reduce(0, +) }

    /// Counts `count` more of a drop.
    mutating func drop(_ reason: CollectorDrop, count: Int = 1) {
        guard count > 0 else { return }
        drops[reason, default: 0] += UInt64(count)
    }

    /// Counts one more malformed datagram.
    mutating func drop(malformed error: WireError) {
        malformed[error.kind, default: 0] += 1
    }
}
