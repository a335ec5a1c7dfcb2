/// What a link did with the packets it was offered. Offered packets are delivered or dropped, by reason.
public struct LinkCounters: Sendable, Hashable {
    /// Packets offered.
    public var offeredPackets: UInt64 = 0
    /// Their bytes, IP headers included.
    public var offeredBytes: UInt64 = 0
    /// Packets that arrive.
    public var deliveredPackets: UInt64 = 0
    /// Their bytes.
    public var deliveredBytes: UInt64 = 0
    /// Packets dropped because the queue had no room.
    public var queueFull: UInt64 = 0
    /// Packets lost by chance.
    public var randomLoss: UInt64 = 0
    /// Packets dropped because the link's capacity ended for ever.
    public var linkDown: UInt64 = 0

    /// Counters at zero.
    public init() {}
}
