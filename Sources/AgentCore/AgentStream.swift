import Bundles
import LinkControl
import Quantization
import WireFormat

/// A frame of which some parts are sent: it takes more than one packet.
struct PartialFrame: Sendable {
    /// The first token that was not sent.
    var nextToken: Int
    /// Expected bytes of a token.
    var bytesPerToken: Double
}

/// All that the agent keeps for one stream. Allocates in `init` only.
struct AgentStream: ~Copyable {
    let name: String
    let bundle: BundleIdentity
    let dimension: Int
    let tokens: Int
    let latencyBudget: Duration
    let maximumAge: Duration
    let weight: Double
    let priority: Int
    /// Whether a rung cheaper than the cheapest allowed one is forbidden by the maximum distortion alone.
    let isFloorRaised: Bool
    /// The most frames of a block.
    let maximumFrames: Int

    var encoder: FrameEncoder
    var pending: PendingFrames
    var partial: PartialFrame?

    /// The number that the next offered frame gets; a frame dropped here leaves a gap that is seen upstream.
    var nextSequence: UInt64 = 0
    /// The highest number acknowledged in this session.
    var acknowledgedSequence: UInt64?
    var verdict = AgentStreamVerdict.pending

    /// The rung of the last block.
    var rung: Int
    /// The averaged mse of what was sent, as far as it is finite.
    var measuredDistortion: Double?
    var sent: UInt64 = 0
    var acknowledged: UInt64 = 0
    var dropped = DropCounts()
    /// Whether the byte budget, and not the link, is what has no room for its frames.
    var isByteLimited = false

    init(_ configuration: AgentStreamConfiguration, floor: Int?, now: MonotonicInstant) {
        let codec = configuration.codec
        name = configuration.name
        bundle = configuration.bundle
        dimension = codec.dimension
        tokens = codec.shape.tokens
        latencyBudget = configuration.latencyBudget
        maximumAge = configuration.maximumAge
        weight = configuration.weight
        priority = configuration.priority
        isFloorRaised = floor != configuration.rungs.lowerBound
        maximumFrames = PacketLimits.maximumFramesPerBlock(dimension: codec.dimension)
        encoder = FrameEncoder(
            codec: codec, maximumFramesPerBlock: maximumFrames, memo: configuration.codeMemo)
        let fitting = max(4, AgentConstants.pendingBytes / (4 * codec.dimension))
        pending = PendingFrames(
            capacity: min(configuration.maximumPendingFrames, fitting), dimension: codec.dimension, now: now)
        rung = floor ?? configuration.rungs.lowerBound
    }

    /// The session's number of the stream; nil while the collector does not take its frames.
    var wireStream: UInt16? {
        if case .accepted(let stream) = verdict { stream } else { nil }
    }

    /// Frames that wait and of which nothing is sent yet.
    var whole: Int { pending.count - (partial == nil ? 0 : 1) }

    /// Keeps an offered frame; the oldest that waits makes place for it.
    mutating func accept(_ frame: PendingFrame, values: Span<Float>) {
        if pending.isFull { dropFirst(because: .queueFull) }
        pending.append(frame, values: values)
    }

    /// Drops the oldest frames that wait.
    mutating func dropFirst(_ count: Int = 1, because reason: DropReason) {
        guard count > 0 else { return }
        pending.removeFirst(count)
        partial = nil
        dropped[reason] += UInt64(count)
    }

    /// Forgets what a session's collector said and has. A frame of which it has parts is sent wholly to the next.
    mutating func leaveSession() {
        verdict = .pending
        partial = nil
    }

    /// Drops the frames past their maximum age.
    mutating func expire(now: MonotonicInstant, because reason: DropReason) {
        while let first = pending.first, first.expiry <= now { dropFirst(because: reason) }
    }

    /// Why a frame that the budget has no room for is dropped.
    var budgetReason: DropReason {
        isByteLimited ? .byteBudget : isFloorRaised ? .maximumDistortion : .linkBudget
    }

    /// Quantizes the oldest frames, which must be a run, for `encoder.code`.
    mutating func quantize(_ frames: Int, rung: Int) {
        pending.quantize(oldest: frames, rung: rung, with: &encoder)
    }

    /// Counts the oldest frames as sent at the rung they were quantized at.
    mutating func countSent(_ frames: Int) {
        sent += UInt64(frames)
        rung = encoder.rung
        let mse = encoder.mse
        // The squares of finite values may be too large for a number; a mean that took one in would stay so.
        if mse.isFinite {
            measuredDistortion = measuredDistortion.map { $0 + (mse - $0) / 16 } ?? mse
        }
        pending.removeFirst(frames)
    }

    /// How the number of the oldest frame travels.
    func blockSequence(isPart: Bool) -> BlockSequence {
        let sequence = pending[0].sequence
        if !isPart, let acknowledgedSequence, sequence > acknowledgedSequence,
            sequence - acknowledgedSequence < PacketLimits.lowSequenceReach
        {
            return .low(UInt8(truncatingIfNeeded: sequence))
        }
        return .full(sequence)
    }
}
