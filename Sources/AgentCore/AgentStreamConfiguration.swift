public import Bundles
public import Quantization

/// What an agent is told about one of its streams.
public struct AgentStreamConfiguration: Sendable {
    /// The stream's name.
    public var name: String
    /// All that encoding a frame needs.
    public var codec: FrameCodec
    /// The bundle that the codec is from.
    public var bundle: BundleIdentity
    /// How long a frame may wait for company in its packet.
    public var latencyBudget: Duration
    /// The age past which a frame is not sent any more.
    public var maximumAge: Duration
    /// How much the stream's distortion, relative to its bundle's normalization, counts against other streams'.
    public var weight: Double
    /// The expected mse (the ladder's, a mean over calibration frames) that no rung in use may exceed: rather than
    /// at a coarser one a frame is not sent. Single frames may be further off than expected. Nil when any rung will
    /// do.
    public var maximumDistortion: Double?
    /// The rungs that may be used.
    public var rungs: ClosedRange<Int>
    /// Where even the cheapest rungs do not fit, frames of higher priority go first: 0...7.
    public var priority: Int
    /// The most frames that wait; the oldest makes place for a new one.
    public var maximumPendingFrames: Int
    /// Where codes found before are kept, for simulations that send the same frames many times; nil for none.
    public var codeMemo: CodeMemo?

    /// Makes a configuration; all rungs are allowed unless said otherwise.
    ///
    /// Traps unless the durations, the weight and `maximumPendingFrames` are positive and the rungs are the
    /// ladder's.
    public init(
        name: String, codec: FrameCodec, bundle: BundleIdentity,
        latencyBudget: Duration = .milliseconds(100), maximumAge: Duration = .seconds(2), weight: Double = 1,
        maximumDistortion: Double? = nil, minimumRung: Int = 0, maximumRung: Int? = nil,
        priority: Int = 0, maximumPendingFrames: Int = 512
    ) {
        let highest = maximumRung ?? codec.ladder.rungs.count - 1
        precondition(latencyBudget > .zero && maximumAge > .zero, "a stream's durations are positive")
        precondition(weight > 0 && weight.isFinite, "a weight is positive")
        precondition(
            0 <= minimumRung && minimumRung <= highest && highest < codec.ladder.rungs.count,
            "the allowed rungs are the ladder's")
        precondition(maximumPendingFrames > 0, "at least one frame can wait")
        precondition(0...7 ~= priority, "a priority is 0 to 7")
        self.name = name
        self.codec = codec
        self.bundle = bundle
        self.latencyBudget = latencyBudget
        self.maximumAge = maximumAge
        self.weight = weight
        self.maximumDistortion = maximumDistortion
        rungs = minimumRung...highest
        self.priority = priority
        self.maximumPendingFrames = maximumPendingFrames
    }
}
