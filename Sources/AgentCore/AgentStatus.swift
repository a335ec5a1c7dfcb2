public import Bundles
public import LinkControl
public import WireFormat

/// What the collector says to a stream.
public enum AgentStreamVerdict: Sendable, Hashable {
    /// Nothing yet.
    case pending
    /// Its frames are taken, under this number.
    case accepted(stream: UInt16)
    /// Its frames are not taken.
    case refused(RefusalReason, text: String)
}

/// A stream's state, for people and metrics.
public struct AgentStreamStatus: Sendable {
    /// The stream's name.
    public var name: String
    /// The bundle that its frames are coded with.
    public var bundle: BundleIdentity
    /// What the collector says to it.
    public var verdict: AgentStreamVerdict
    /// The rung of the last block, or the first to be used.
    public var rung: Int
    /// Rungs of the ladder.
    public var rungCount: Int
    /// Expected bits of a frame at that rung, headers excluded.
    public var codedBitsPerFrame: Double
    /// The mse that the ladder gives for that rung.
    public var expectedDistortion: Double
    /// The averaged mse of the frames last sent, those of more than any number left out; nil before any.
    public var measuredDistortion: Double?
    /// Frames offered; each has the number of frames before it as its sequence.
    public var offered: UInt64
    /// Frames sent, wholly.
    public var sent: UInt64
    /// Frames in packets that the collector reported.
    public var acknowledged: UInt64
    /// Frames that wait.
    public var pending: Int
    /// Frames not sent, by reason.
    public var dropped: DropCounts
}

/// The agent's state, for people and metrics.
public struct AgentStatus: Sendable {
    /// Where the agent stands with its collector.
    public enum Phase: String, Sendable {
        /// Handshakes go out.
        case connecting
        /// The collector has not said yet which streams it takes.
        case greeting
        /// Frames go out.
        case established
        /// Frames that wait go out, no new ones come in.
        case draining
        /// The end.
        case closed
    }

    /// The agent's start.
    public var run: RunID
    /// Where the agent stands with its collector.
    public var phase: Phase
    /// What happens, in plain words.
    public var explanation: String
    /// What the link does; nil without a session.
    public var link: LinkState?
    /// The rate that may be sent at; nil without a session.
    public var rate: BitRate?
    /// The averaged time from a packet to its report.
    public var roundTrip: Duration?
    /// The queueing delay of the last report.
    public var queueDelay: Duration
    /// The averaged share of packets lost, 0...1.
    public var loss: Double
    /// IP-level bytes on their way.
    public var bytesInFlight: Int
    /// Time since the last report; nil before any.
    public var sinceReport: Duration?
    /// What is left of the bytes that the agent may cost; nil where nothing bounds them.
    public var budget: ByteBudgetStatus?
    /// Outages of the link since the agent's start.
    public var outages: Int
    /// Counters of packets since the agent's start.
    public var packets: AgentPacketCounts
    /// The streams, by index.
    public var streams: [AgentStreamStatus]
}

/// Counters of packets.
public struct AgentPacketCounts: Sendable, Equatable {
    /// Packets sent, of any type.
    public var sent: UInt64 = 0
    /// IP-level bytes of those.
    public var sentBytes: UInt64 = 0
    /// Handshakes begun or repeated.
    public var handshakes: UInt64 = 0
    /// Sessions begun.
    public var sessions: UInt64 = 0
    /// Reports received.
    public var reports: UInt64 = 0
    /// Datagrams that are no packets.
    public var malformed: UInt64 = 0
    /// Packets of no session or handshake of ours.
    public var foreign: UInt64 = 0
    /// Packets that an agent does not get, or not now.
    public var unexpected: UInt64 = 0
}
