public import Bundles
public import Quantization
import WireFormat

/// What a simulation runs: streams of frames over a link in virtual time.
public struct SimulationConfiguration: Sendable {
    /// How it is decided how much may be sent; agents are the same but for that.
    public enum Control: Sendable {
        /// By the agent's own link control.
        case adaptive
        /// One rung for every frame, sent whatever the link does.
        case fixed(rung: Int)
        /// In the manner of WebRTC's: the trend of delays, losses, and probes.
        case delayGradient
        /// In the manner of TCP: a window that grows until it loses a packet.
        case additiveIncrease
        /// By what the link will carry.
        case oracle
    }

    /// What all streams are coded with.
    public var bundle: Bundle
    /// The frames that streams play, each from a place of its own and around the end.
    public var frames: FrameArray
    /// How rungs are chosen.
    public var control: Control
    /// The number of agents on the link.
    public var agentCount = 1
    /// The number of bulk transfers in the manner of TCP that compete with the agents for the link.
    public var competingFlows = 0
    /// The number of streams of each agent.
    public var streamCount: Int
    /// Frames of each stream in a second.
    public var frameRate: Double
    /// For how long frames are offered.
    public var duration: Duration
    /// The start of the run that figures leave out.
    public var warmUp: Duration
    /// The age, from its capture, up to which a frame is on time.
    public var deadline: Duration
    /// The link from the agent to the collector.
    public var forward: LinkModel.Configuration
    /// The link back.
    public var backward: LinkModel.Configuration
    /// The seed of everything random.
    public var seed: UInt64
    /// Codes found in other runs of the same frames; a run adds to it. Nil quantizes every frame.
    public var codeMemo: CodeMemo?

    /// Describes a simulation.
    ///
    /// Traps unless the frames fit the bundle, there are 1 to 1,024 streams, the frame rate is in 0.01...10,000 Hz
    /// and the durations are positive and the warm-up shorter than the run. Without a warm-up it is 10 s, but at most
    /// a quarter of the run.
    public init(
        bundle: Bundle,
        frames: FrameArray,
        control: Control = .adaptive,
        streamCount: Int = 1,
        frameRate: Double = 50,
        duration: Duration,
        warmUp: Duration? = nil,
        deadline: Duration = .milliseconds(200),
        forward: LinkModel.Configuration,
        backward: LinkModel.Configuration,
        seed: UInt64 = 1,
        codeMemo: CodeMemo? = nil
    ) {
        precondition(frames.shape.dimension == bundle.codec.dimension, "the frames fit the bundle")
        precondition(frames.count > 0, "there are frames")
        precondition((1...1_024).contains(streamCount), "a simulation has 1 to 1,024 streams")
        precondition((0.01...10_000).contains(frameRate), "a frame rate is in 0.01...10,000 Hz")
        precondition(duration > .zero && deadline > .zero, "durations are positive")
        let warmUp = warmUp ?? min(.seconds(10), duration / 4)
        precondition(warmUp >= .zero && warmUp < duration, "a warm-up ends before the run")
        if case .fixed(let rung) = control {
            precondition(bundle.codec.ladder.rungs.indices.contains(rung), "the rung is one of the ladder's")
        }
        self.bundle = bundle
        self.frames = frames
        self.control = control
        self.streamCount = streamCount
        self.frameRate = frameRate
        self.duration = duration
        self.warmUp = warmUp
        self.deadline = deadline
        self.forward = forward
        self.backward = backward
        self.seed = seed
        self.codeMemo = codeMemo
    }

    /// The streams of all agents.
    var totalStreams: Int { agentCount * streamCount }

    /// The frames that each stream offers.
    var framesPerStream: Int {
        max(1, Int(Double(duration.wholeNanoseconds) / 1e9 * frameRate))
    }

    /// When frame `sequence` of a stream is offered, in nanoseconds after the first; streams take turns.
    func offerTime(stream: Int, sequence: Int) -> Int64 {
        let period = 1e9 / frameRate
        return Int64((Double(sequence) + Double(stream) / Double(totalStreams)) * period)
    }

    /// Where in `frames` a stream's frame is.
    func frameIndex(stream: Int, sequence: Int) -> Int {
        (sequence + stream * frames.count / totalStreams) % frames.count
    }
}
