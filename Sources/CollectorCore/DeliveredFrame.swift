public import Bundles
public import WireFormat

/// A rebuilt frame's description. (gateway, run, stream, sequence) names it for ever; its values come with it.
public struct DeliveredFrame: Sendable, Hashable {
    /// The gateway's name.
    public let gateway: String

    /// The agent's start.
    public let run: RunID

    /// The stream's name.
    public let stream: String

    /// The stream's index in the run, for tables by stream; names of a run stay with their indices.
    public let streamIndex: Int

    /// The frame's number in its stream.
    public let sequence: UInt64

    /// When the frame was taken by the agent's clock, in steps of 250 µs.
    public let agentTime: WallTime

    /// Whether the agent's clock was synchronised when the packet was sent.
    public let clockSynced: Bool

    /// When the packet with (the last part of) the frame came, by the collector's clock.
    public let arrival: WallTime

    /// The bundle that the frame was coded with.
    public let bundle: BundleIdentity

    /// The rung that it was coded at.
    public let rung: Int
}
