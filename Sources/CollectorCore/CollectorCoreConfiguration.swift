/// What a collector core allows. Everything that it keeps is bounded by one of these numbers.
public struct CollectorCoreConfiguration: Sendable, Hashable {
    /// The most sessions at a time. Further agents are told that the collector is full.
    public var maximumSessions = 1024

    /// The most handshakes that wait for their hello. The oldest makes place for a new one.
    public var maximumHandshakes = 256

    /// How long a handshake waits for its hello.
    public var handshakeTimeout = Duration.seconds(10)

    /// How long a session lives without a packet from its agent.
    public var sessionTimeout = Duration.seconds(90)

    /// How long a gateway's session must have been silent before another run of the same gateway may replace it.
    /// Two agents that were given one name do not throw each other out that way.
    public var replacementSilence = Duration.seconds(3)

    /// The most streams of a session. Further ones are refused, the others go on.
    public var maximumStreamsPerSession = 256

    /// Time between two reports where the agent has no wish; held within 50...200 ms as wishes are.
    public var reportInterval = Duration.milliseconds(100)

    /// Time from a packet to a report if none was sent lately: long enough for a burst, short for the agent.
    public var firstReportDelay = Duration.milliseconds(5)

    /// Packets after which a report is sent before its time, so that reports overlap at any rate.
    public var packetsPerReport = 128

    /// The most large frames in parts, over all sessions. The oldest makes place for a new one.
    public var maximumPartialFrames = 64

    /// The most large frames in parts of one session.
    public var maximumPartialFramesPerSession = 8

    /// The most bytes of values of large frames in parts, over all sessions.
    public var maximumPartialBytes = 64 << 20

    /// How long a large frame waits for its missing parts.
    public var partialFrameTimeout = Duration.seconds(10)

    /// The most answers outside of sessions (handshake responses, closes) that wait to be sent.
    public var maximumReplies = 256

    /// How often the collector tells a sender that it does not know its connection id, per second.
    public var resetsPerSecond = 100

    /// Creates the default configuration.
    public init() {}

    /// The range that report intervals are held in.
    static let reportIntervals = Duration.milliseconds(50)...Duration.milliseconds(200)

    /// How often sessions, handshakes and partial frames are looked through for those whose time is over.
    static let sweepInterval = Duration.seconds(1)
}
