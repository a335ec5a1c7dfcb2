/// How a block gives the number of its first frame.
public enum BlockSequence: Sendable, Hashable {
    /// The low eight bits. Only for a frame that was never in a packet before and whose number is less than
    /// `PacketLimits.lowSequenceReach` above the highest one of its stream that was acknowledged *in this
    /// session*: then the collector, which has seen that one, can tell which number is meant.
    case low(UInt8)

    /// The whole number, below `PacketLimits.maximumSequence`: the first frames of a stream in a session,
    /// after a gap, and whatever is sent again.
    case full(UInt64)
}
