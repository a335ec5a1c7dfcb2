import WireFormat

/// The agent's own constants, each with its reason.
enum AgentConstants {
    /// Handshakes are repeated after 1 s, 2 s, 4 s … 60 s, each up to a half longer, so that a fleet does not
    /// come back in step after its collector restarted.
    static let handshakeRetry: ClosedRange<Duration> = .seconds(1) ... .seconds(60)
    /// The first handshake besides a session that nothing answers, and the pace it starts with: not faster than
    /// an outage's probes.
    static let renewalAfter = Duration.seconds(10)
    static let renewalAttempts = 2
    /// A session gives way to a new one from this packet on, since sequences never wrap.
    static let renewalSequence: UInt32 = 1 << 31
    /// The hello is repeated after this while its accept is missing; its next packet, if there are several, goes
    /// after the longest of these even without budget.
    static let helloRetry: ClosedRange<Duration> = .milliseconds(500) ... .seconds(8)
    /// Refused streams are announced again after this: their bundle may have come.
    static let refusedRetry = Duration.seconds(30)
    /// What is pending when the agent stops is given up after this; a service must be gone within 5 s.
    static let drainLimit = Duration.seconds(2)
    /// Close packets at the end: one may be lost.
    static let closePackets = 2
    /// Frames of one stream may be this many bytes of floats while they wait, or 4 frames.
    static let pendingBytes = 8 << 20
    /// Packets and blocks whose acknowledgement is awaited; of older ones it is not noticed.
    static let awaitedPackets = 4096
    static let awaitedBlocks = 8192
    /// Expected bytes of a block's header: rung, stream, flags, sequence, age, count, step, length.
    static let blockHeaderBytes = 10
    /// Most bytes of the header of a block of one frame: rung, stream, flags, sequence, age.
    static let largestBlockHeaderBytes = 1 + 3 + 1 + 8 + 7
    /// Pending payload that is worth a packet before any frame is due: a full packet's, less headers.
    static let packetWorth = 1_100.0
    /// Least bytes of a large frame's part, but for its last: less would be mostly headers.
    static let smallestPart = 200
    /// Bytes of a data packet's body before the first block, and of its header.
    static let packetHeadBytes = PacketHeader.byteCount + DataPacket.prefixByteCount
    /// No deadline is nearer than this: a timer cannot do better, and nothing here needs it.
    static let timerGranularity = Duration.microseconds(250)
    /// No deadline is further than this.
    static let longestSleep = Duration.seconds(60)
}
