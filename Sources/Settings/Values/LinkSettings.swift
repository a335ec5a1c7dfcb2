/// What the agent may assume of its uplink. Rates and sizes are at the IP level, headers included.
public struct LinkSettings: Sendable, Hashable {
    /// The rate to start at, before anything is measured, in bits per second.
    public var startBitsPerSecond: Int
    /// The rate never to exceed, in bits per second.
    public var maximumBitsPerSecond: Int?
    /// Bytes of a day UTC, both ways; nil for no bound.
    public var dayBudget: Int?
    /// Bytes of a billing month, both ways; nil for no bound.
    public var monthBudget: Int?
    /// The day of the month on which the billing month begins.
    public var monthStartsOn: Int
    /// Whether bytes cost money: other defaults.
    public var isMetered: Bool
    /// How often the collector is asked to report; nil leaves it to the collector.
    public var reportInterval: Duration?
    /// After so long without a packet an empty one is sent.
    public var keepAlive: Duration
}

/// The defaults of a metered link, where they are others.
enum MeteredProfile {
    /// 5 packets a second and stream at the least instead of 20: their headers, 45 bytes each, are 19 MB a day
    /// instead of 78.
    static let latencyBudget = Duration.milliseconds(200)
    /// A report is about 90 bytes: 39 MB a day at most instead of 78. More seldom the link control would not react in
    /// time.
    static let reportInterval = Duration.milliseconds(200)
    /// Below the 2 minutes for which RFC 4787 wants address translators to keep a mapping; should one forget it
    /// sooner, the next packet makes it anew. An idle agent costs 110 kB a day instead of 480.
    static let keepAlive = Duration.seconds(110)
}
