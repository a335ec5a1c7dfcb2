/// One `[[stream]]` of an agent.
public struct StreamSettings: Sendable, Hashable {
    /// The stream's name, unique in the file.
    public var name: String
    /// The dimension that the bundle must have, where the file states it.
    public var dimension: Int?
    /// The path of the stream's bundle.
    public var bundlePath: String
    /// How long a frame may wait for company in its packet.
    public var latencyBudget: Duration
    /// The age past which a frame is not sent any more.
    public var maximumAge: Duration
    /// How much the stream's distortion counts against that of the others.
    public var weight: Double
    /// Where even the cheapest rungs do not fit, frames of higher priority go first; 0...7.
    public var priority: Int
    /// The mean squared error per dimension above which frames are dropped and not sent.
    public var maximumDistortion: Double?
    /// The cheapest rung to use, from 0.
    public var minimumRung: Int?
    /// The dearest rung to use, from 0.
    public var maximumRung: Int?
}
