/// What a `LinkController` is told about its traffic.
public struct LinkConfiguration: Sendable, Equatable {
    /// The age that frames may reach on their way; sets the delay thresholds and the largest burst.
    public var latencyBudget: Duration
    /// The rate before anything is known, and the highest one on a new path.
    public var initialRate: BitRate
    /// The rate that is never gone below while reports come in.
    public var minimumRate: BitRate
    /// The rate that is never gone above, whatever the reports say.
    public var maximumRate: BitRate
    /// IP-level bytes of the smallest packet that can carry any one frame at its cheapest allowed rung.
    public var basePacketBytes: Int
    /// The largest ratio of coded bits between two neighbouring rungs: growth must be able to cross it.
    public var largestRungRatio: Double

    /// Makes a configuration; traps unless 0 < minimum ≤ initial ≤ maximum rate and the sizes are positive.
    public init(
        latencyBudget: Duration = .milliseconds(200),
        initialRate: BitRate = .kilobitsPerSecond(64),
        minimumRate: BitRate = .kilobitsPerSecond(5),
        maximumRate: BitRate = .megabitsPerSecond(50),
        basePacketBytes: Int = 64,
        largestRungRatio: Double = 2
    ) {
        precondition(latencyBudget > .zero, "the latency budget is positive")
        precondition(minimumRate.bitsPerSecond > 0, "the minimum rate is positive")
        precondition(
            minimumRate <= initialRate && initialRate <= maximumRate, "minimum ≤ initial ≤ maximum rate")
        precondition(basePacketBytes > 0, "a packet has bytes")
        precondition(largestRungRatio >= 1 && largestRungRatio.isFinite, "a ratio of rungs is 1 or more")
        self.latencyBudget = latencyBudget
        self.initialRate = initialRate
        self.minimumRate = minimumRate
        self.maximumRate = maximumRate
        self.basePacketBytes = basePacketBytes
        self.largestRungRatio = largestRungRatio
    }
}
