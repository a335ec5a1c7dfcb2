/// What is stored of a frame beside its values.
public struct FrameStamp: Sendable, Hashable {
    /// The frame's number in its run and stream.
    public var sequence: UInt64
    /// When the agent got the frame, in nanoseconds since 1970.
    public var agentNanoseconds: Int64
    /// When the collector got the frame, in nanoseconds since 1970.
    public var arrivalNanoseconds: Int64
    /// Whether the agent's clock was synchronised.
    public var clockSynced: Bool
    /// The rung that the frame was coded at.
    public var rung: Int

    /// Creates a stamp.
    public init(
        sequence: UInt64, agentNanoseconds: Int64, arrivalNanoseconds: Int64, clockSynced: Bool, rung: Int
    ) {
        self.sequence = sequence
        self.agentNanoseconds = agentNanoseconds
        self.arrivalNanoseconds = arrivalNanoseconds
        self.clockSynced = clockSynced
        self.rung = rung
    }
}
