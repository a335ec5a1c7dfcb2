public import LinkControl
public import WireFormat

/// What an agent is told about itself, its link and its streams.
public struct AgentCoreConfiguration: Sendable {
    /// The gateway's name, as `WireName` allows it.
    public var gateway: String
    /// The streams, in the order of their indices.
    public var streams: [AgentStreamConfiguration]
    /// Bytes that the link pays for each packet besides its payload: `PacketLimits.ipv4Overhead` or `ipv6Overhead`.
    public var ipOverhead: Int
    /// The rate before anything is known about the link.
    public var initialRate: BitRate
    /// The rate that is never exceeded.
    public var maximumRate: BitRate
    /// How often the collector is asked to report; zero leaves it to the collector.
    public var reportInterval: Duration
    /// After so long without a packet an empty one keeps address translators open; at least 15 s by RFC 8085.
    public var keepAliveInterval: Duration
    /// The bytes that the agent may cost, with what was counted before; nil for as many as the link carries.
    public var byteBudget: ByteBudget?

    /// Makes a configuration; traps unless the gateway's name is valid and there are at most 65,535 streams.
    public init(
        gateway: String, streams: [AgentStreamConfiguration], ipOverhead: Int = PacketLimits.ipv4Overhead,
        initialRate: BitRate = .kilobitsPerSecond(64), maximumRate: BitRate = .megabitsPerSecond(50),
        reportInterval: Duration = .zero, keepAliveInterval: Duration = .seconds(25),
        byteBudget: ByteBudget? = nil
    ) {
        precondition(WireName.isValid(gateway), "a gateway's name has 1 to 64 of A-Z a-z 0-9 . _ -")
        precondition(streams.count <= Hello.maximumStreams, "a run has at most 65,535 streams")
        precondition(ipOverhead >= 0 && keepAliveInterval > .zero, "sizes and intervals are positive")
        self.gateway = gateway
        self.streams = streams
        self.ipOverhead = ipOverhead
        self.initialRate = initialRate
        self.maximumRate = maximumRate
        self.reportInterval = reportInterval
        self.keepAliveInterval = keepAliveInterval
        self.byteBudget = byteBudget
    }
}
