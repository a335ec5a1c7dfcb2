public import Bundles

/// A stream as an agent announces it.
public struct HelloStream: Sendable, Hashable {
    /// The stream's name. As read from a packet it may be any text up to 255 bytes: a stream of a wrong name is
    /// refused by itself, the others go on.
    public var name: String

    /// Values of a frame.
    public var dimension: Int

    /// The bundle that its frames are coded with.
    public var bundle: BundleIdentity

    /// Creates a stream.
    public init(name: String, dimension: Int, bundle: BundleIdentity) {
        self.name = name
        self.dimension = dimension
        self.bundle = bundle
    }
}

/// The agent's first message of a session, repeated until the collector's accept covers every stream.
///
/// What does not fit in one packet goes in several; each is a hello by itself, for some of the streams.
public struct Hello: Sendable, Hashable {
    /// The most streams of a run.
    public static let maximumStreams = Int(UInt16.max)

    /// The agent's start.
    public var run: RunID

    /// The gateway's name, see `WireName`.
    public var gateway: String

    /// The time of day at tick zero, the same for the whole run.
    public var wallAtTickZero: WallTime

    /// The tick at which this packet was sent, whole: data packets carry only its low 24 bits.
    public var sendTick: Tick

    /// How often the agent would like reports, in whole milliseconds up to 65 s; zero leaves it to the collector.
    public var reportInterval: Duration

    /// Streams of the run.
    public var streamCount: Int

    /// Which of the run's streams the first of `streams` is.
    public var firstStream: Int

    /// Some or all of the run's streams, in order.
    public var streams: [HelloStream]

    /// Creates a hello for all streams of a run, at most `maximumStreams`.
    public init(
        run: RunID, gateway: String, wallAtTickZero: WallTime, sendTick: Tick, reportInterval: Duration,
        streams: [HelloStream]
    ) {
        precondition(streams.count <= Self.maximumStreams, "a run has at most 65,535 streams")
        self.run = run
        self.gateway = gateway
        self.wallAtTickZero = wallAtTickZero
        self.sendTick = sendTick
        self.reportInterval = reportInterval
        streamCount = streams.count
        firstStream = 0
        self.streams = streams
    }
}
