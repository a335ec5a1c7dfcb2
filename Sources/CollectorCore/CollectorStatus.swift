public import Bundles
public import WireFormat

/// A collector core's state as plain values, for status pages and metrics.
public struct CollectorStatus: Sendable, Hashable {
    /// What was counted since the start.
    public let counters: CollectorCounters

    /// The sessions, by gateway name.
    public let sessions: [SessionStatus]

    /// Handshakes that wait for their hello.
    public let handshakes: Int

    /// Large frames that wait for parts.
    public let partialFrames: Int

    /// Bundles that streams can be accepted with.
    public let bundles: Int
}

/// The state of one session.
public struct SessionStatus: Sendable, Hashable {
    /// The gateway's name.
    public let gateway: String

    /// The agent's start.
    public let run: RunID

    /// The collector's name for the session.
    public let connection: ConnectionID

    /// Where the newest packet came from.
    public let address: PeerAddress

    /// Whether the agent's clock was synchronised when it sent the newest packet.
    public let clockSynced: Bool

    /// When the session began.
    public let opened: MonotonicInstant

    /// When the last packet came.
    public let lastArrival: MonotonicInstant

    /// Packets that came, each counted once.
    public let packetsReceived: UInt64

    /// Packets with lower numbers than the newest that have not come.
    public let packetsLost: UInt64

    /// The streams as announced, in order.
    public let streams: [StreamStatus]
}

/// The state of one announced stream.
public struct StreamStatus: Sendable, Hashable {
    /// The stream's name.
    public let name: String

    /// Values of a frame.
    public let dimension: Int

    /// The bundle that it was announced with.
    public let bundle: BundleIdentity

    /// What was decided on it.
    public let verdict: StreamVerdict

    /// Frames delivered in this session, or in those of the same run that it continues.
    public let framesDelivered: UInt64

    /// Frames, or parts of large ones, that came again.
    public let duplicates: UInt64

    /// Frames between the first and the highest number that were not delivered: lost, not yet here, or never
    /// sent. A late frame takes itself off.
    public let missing: UInt64

    /// The highest number delivered, nil before the first frame.
    public let lastSequence: UInt64?

    /// When the last frame was delivered, by the collector's clock.
    public let lastArrival: WallTime?

    /// The rung of the last frame delivered.
    public let lastRung: Int?
}
