import Bundles
import CollectorCore
import EntropyCoding
import Quantization
import Testing
import WireFormat

/// SplitMix64: the same numbers from the same seed.
struct CollectorRandom: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// A small bundle for tests: random codebooks of 16, one and two stages.
struct CollectorBundle {
    let identity: BundleIdentity
    let codec: FrameCodec

    init(_ number: UInt8, tokens: Int = 1, tokenDimension: Int = 4) {
        var random = CollectorRandom(seed: UInt64(number))
        let stages = (0..<2).map { stage in
            let scale: Float = stage == 0 ? 1 : 0.25
            let codewords = (0..<16 * tokenDimension).map { _ in
                Float.random(in: -scale...scale, using: &random)
            }
            return ResidualStage(base: Codebook(codewords: codewords, size: 16, dimension: tokenDimension))
        }
        let ladder = Ladder(rungs: [
            Rung(sizes: [16], codedBitsPerFrame: Double(4 * tokens), mse: 0.1),
            Rung(sizes: [16, 16], codedBitsPerFrame: Double(8 * tokens), mse: 0.01),
        ])
        let shape = FrameShape(tokens: tokens, tokenDimension: tokenDimension)
        let table = FrequencyTable(counts: Array(repeating: 1, count: 16))
        identity = CollectorBundle.identity(number)
        codec = FrameCodec(
            normalization: Normalization(mean: Array(repeating: 0.5, count: shape.dimension), scale: 2),
            quantizer: ResidualQuantizer(
                shape: shape, stages: stages, ladder: ladder, tables: [[table], [table, table]]))
    }

    static func identity(_ number: UInt8) -> BundleIdentity {
        let bytes = [UInt8](repeating: number, count: BundleIdentity.byteCount)
        return BundleIdentity(bytes: unsafe bytes.span.bytes)
    }

    var dimension: Int { codec.dimension }

    /// Values for a frame that depend on its number only.
    func frame(_ sequence: UInt64) -> [Float] {
        var random = CollectorRandom(seed: sequence &* 31)
        return (0..<dimension).map { _ in Float.random(in: -2...2, using: &random) }
    }

    /// A block's payload, and the frames that a decoder must give for it.
    func coded(
        _ sequences: Range<UInt64>, rung: Int, tokens: Range<Int>? = nil
    ) throws -> (payload: [UInt8], coding: BlockCoding, frames: [[Float]]) {
        let count = sequences.count
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: count)
        encoder.quantize(sequences.flatMap(frame).span, count: count, rung: rung)
        let coding = encoder.code(tokens: tokens).coding
        let payload = encoder.withPayload { span in span.indices.map { span[$0] } }
        var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: count)
        var values = [Float](repeating: 0, count: count * dimension)
        var output = values.mutableSpan
        try decoder.decode(
            payload: unsafe payload.span.bytes, coding: coding, rung: rung, frameCount: count, tokens: tokens,
            into: &output)
        let frames = (0..<count).map { Array(values[$0 * dimension..<($0 + 1) * dimension]) }
        return (payload, coding, frames)
    }
}

/// A delivered frame with its values.
struct CollectedFrame {
    let frame: DeliveredFrame
    let values: [Float]
}

/// A collector core with a clock of its own and all that came out of it.
struct CollectorBench: ~Copyable {
    var core: CollectorCore
    var now = MonotonicInstant(nanoseconds: 5_000_000_000)
    var frames: [CollectedFrame] = []
    var sent: [(bytes: [UInt8], to: PeerAddress, at: MonotonicInstant)] = []

    init(
        bundles: [CollectorBundle] = [], seed: UInt64 = 1,
        configure: (inout CollectorCoreConfiguration) -> Void = { _ in }
    ) {
        var configuration = CollectorCoreConfiguration()
        configure(&configuration)
        let table = Dictionary(uniqueKeysWithValues: bundles.map { ($0.identity, $0.codec) })
        core = CollectorCore(configuration: configuration, bundles: table, seed: seed)
    }

    var wall: WallTime { WallTime(nanoseconds: 1_800_000_000_000_000_000 + now.nanoseconds) }

    /// Gives the core a datagram and takes what it sends at once.
    mutating func receive(_ bytes: [UInt8], from source: PeerAddress = CollectorAgent.address) {
        var collected: [CollectedFrame] = []
        core.receive(unsafe bytes.span.bytes, from: source, now: now, wall: wall) { frame, values in
            collected.append(CollectedFrame(frame: frame, values: values.indices.map { values[$0] }))
        }
        frames += collected
        drain()
    }

    /// Takes what the core sends now.
    mutating func drain() {
        while true {
            var destination: PeerAddress?
            let bytes = collectorWritten { destination = core.nextDatagram(into: &$0, now: now) }
            guard let destination else { return }
            sent.append((bytes, destination, now))
        }
    }

    /// Lets time pass, with all deadlines on the way.
    mutating func pass(_ duration: Duration) {
        let end = now + duration
        while let deadline = core.nextDeadline, deadline <= end {
            now = max(now, deadline)
            drain()
        }
        now = end
        drain()
    }

    /// What was sent of a type since the last call of this or `clear`, parsed; clears.
    mutating func take() -> [CollectorPacket] {
        defer { sent = [] }
        return sent.map { CollectorPacket($0.bytes, to: $0.to, at: $0.at) }
    }
}

/// A packet from the collector, as the agent reads it.
struct CollectorPacket {
    let header: PacketHeader?
    let address: PeerAddress
    let instant: MonotonicInstant
    let byteCount: Int
    private let body: [UInt8]

    init(_ bytes: [UInt8], to address: PeerAddress, at instant: MonotonicInstant) {
        header = try? PacketHeader(parsing: unsafe bytes.span.bytes)
        body = Array(bytes.dropFirst(PacketHeader.byteCount))
        byteCount = bytes.count
        self.address = address
        self.instant = instant
    }

    var report: Report? {
        header?.type == .report ? try? Report(parsing: unsafe body.span.bytes) : nil
    }

    var accept: Accept? {
        guard header?.type == .control,
            case .accept(let accept)? = try? ControlMessage(parsing: unsafe body.span.bytes)
        else { return nil }
        return accept
    }

    var close: CloseReason? {
        header?.type == .close ? try? CloseReason(parsing: unsafe body.span.bytes) : nil
    }

    var handshake: HandshakeMessage? {
        header?.type == .handshake ? try? HandshakeMessage(parsing: unsafe body.span.bytes) : nil
    }
}

/// The bytes that something writes.
func collectorWritten(_ body: (inout OutputRawSpan) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: PacketLimits.maximumDatagram)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        var output = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
        body(&output)
        return unsafe output.finalize(for: buffer)
    }
    return Array(bytes[..<count])
}
