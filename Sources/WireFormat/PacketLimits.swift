/// Sizes that both ends agree on without saying so.
public enum PacketLimits {
    /// The most bytes of a UDP payload.
    public static let maximumDatagram = 1200

    /// Bytes of the IPv4 and UDP headers, which the link pays for too.
    public static let ipv4Overhead = 28

    /// Bytes of the IPv6 and UDP headers.
    public static let ipv6Overhead = 48

    /// The most bytes of a packet's body, between header and end.
    public static let maximumBody = maximumDatagram - PacketHeader.byteCount

    /// The most frames of a block of any stream.
    public static let maximumFramesPerBlock = 64

    /// The most rungs of a ladder.
    public static let maximumRungs = 32

    /// The most frame numbers: sequences are below this, so that arithmetic on them never overflows.
    public static let maximumSequence: UInt64 = 1 << 56

    /// How far a frame's number may be above the highest one acknowledged in this session for its low eight
    /// bits to be enough.
    public static let lowSequenceReach: UInt64 = 100

    /// The most frames of a block of a stream of this dimension: 64, fewer where they would have more than
    /// 65,536 values together. This bounds what a receiver decodes at once.
    public static func maximumFramesPerBlock(dimension: Int) -> Int {
        max(1, min(maximumFramesPerBlock, 65_536 / max(1, dimension)))
    }
}
