import AgentCore
import Bundles
import LinkControl
import Quantization
import WireFormat

/// An agent and a scripted collector on a path with delay and loss, in virtual time.
struct AgentTestPath: ~Copyable {
    var agent: AgentCore
    var peer: AgentTestPeer
    let codecs: [FrameCodec]
    var delay = Duration.milliseconds(20)
    var loss = 0.0
    var isDown = false
    /// Whether the collector says so when it does not know a session.
    var closesUnknown = false
    /// Bytes of every datagram the agent sent, at the IP level, and when.
    private(set) var sent: [(at: MonotonicInstant, bytes: Int, type: PacketType)] = []
    private(set) var offered: [Int: UInt64] = [:]
    /// Deadlines of the agent at which it had nothing to send, by second.
    private(set) var idleWakeups: [Int] = []
    private(set) var now = MonotonicInstant(nanoseconds: 0)
    /// What the wall clock is ahead of the monotonic one.
    var wallOffset = Duration.seconds(1_700_000_000)

    private var generator: AgentTestGenerator
    private var unusual: [[UInt64]: [Float]] = [:]
    private var toPeer: [(at: MonotonicInstant, bytes: [UInt8])] = []
    private var toAgent: [(at: MonotonicInstant, bytes: [UInt8])] = []

    init(
        streams: [AgentStreamConfiguration], seed: UInt64 = 1, initialRate: BitRate = .kilobitsPerSecond(500),
        maximumRate: BitRate = .megabitsPerSecond(50), byteBudget: ByteBudgetConfiguration? = nil
    ) {
        codecs = streams.map(\.codec)
        peer = AgentTestPeer(codecs: codecs)
        generator = AgentTestGenerator(seed: seed)
        let start = WallTime(nanoseconds: 0).advanced(by: .seconds(1_700_000_000))
        var budget = byteBudget.map {
            ByteBudget(
                configuration: $0, now: MonotonicInstant(nanoseconds: 0), wall: start, isSynchronized: true)
        }
        if budget?.stateToSave(now: MonotonicInstant(nanoseconds: 0)) != nil { budget?.saved() }
        agent = AgentCore(
            configuration: AgentCoreConfiguration(
                gateway: "gateway-1", streams: streams, initialRate: initialRate, maximumRate: maximumRate,
                byteBudget: budget),
            run: RunID(77), seed: seed, now: MonotonicInstant(nanoseconds: 0),
            wall: start, clockSynced: true)
    }

    var wall: WallTime { WallTime(nanoseconds: now.nanoseconds).advanced(by: wallOffset) }

    /// Offers the stream's next frame, with these values or usual ones.
    mutating func offer(_ stream: Int, timestamp: UInt64 = 0, values: [Float]? = nil) {
        let sequence = offered[stream, default: 0]
        offered[stream] = sequence + 1
        unusual[[UInt64(stream), sequence]] = values
        let frame = original(stream, sequence)
        agent.offer(stream: stream, timestamp: timestamp, frame: frame.span, now: now, wall: wall)
    }

    /// Runs for a time in steps of 1 ms, offering a frame of every stream each `frameMilliseconds` (0 for none).
    mutating func run(_ duration: Duration, frameMilliseconds: Int = 0) throws {
        for step in 0..<Int(duration / .milliseconds(1)) {
            if frameMilliseconds > 0, step % frameMilliseconds == 0 {
                for stream in codecs.indices { offer(stream) }
            }
            try self.step()
        }
    }

    /// The frame offered under a number.
    private func original(_ stream: Int, _ sequence: UInt64) -> [Float] {
        unusual[[UInt64(stream), sequence]]
            ?? AgentTestStreams.frame(
                stream: stream, sequence: sequence, dimension: codecs[stream].dimension)
    }

    /// Lets 1 ms pass, with the agent's deadlines in it.
    mutating func step() throws {
        while let first = toPeer.first, first.at <= now {
            toPeer.removeFirst()
            for reply in try peer.receive(first.bytes, now: now, closesUnknown: closesUnknown) {
                sendToAgent(reply)
            }
        }
        if agent.byteBudget?.stateToSave(now: now) != nil { agent.byteBudget?.saved() }
        if let report = peer.report(now: now) { sendToAgent(report) }
        while let first = toAgent.first, first.at <= now {
            toAgent.removeFirst()
            agent.receive(unsafe first.bytes.span.bytes, now: now)
        }
        pump()
        let end = now + .milliseconds(1)
        let second = Int(now.nanoseconds / 1_000_000_000)
        while idleWakeups.count <= second { idleWakeups.append(0) }
        while true {
            let deadline = agent.nextDeadline(now: now)
            guard deadline < end else { break }
            now = deadline
            let before = sent.count
            pump()
            if sent.count == before { idleWakeups[second] += 1 }
        }
        now = end
    }

    /// Sends whatever the agent has to send.
    mutating func pump() {
        while let datagram = nextDatagram() {
            let type = PacketType(rawValue: datagram[0] >> 3 & 7) ?? .close
            sent.append((now, datagram.count + PacketLimits.ipv4Overhead, type))
            if isDown || Double.random(in: 0..<1, using: &generator) < loss { continue }
            toPeer.append((now + delay, datagram))
        }
    }

    private mutating func nextDatagram() -> [UInt8]? {
        var isWritten = false
        let datagram = AgentTestPeer.datagram { output in
            isWritten = agent.nextDatagram(into: &output, now: now)
        }
        return isWritten ? datagram : nil
    }

    private mutating func sendToAgent(_ datagram: [UInt8]) {
        if isDown || Double.random(in: 0..<1, using: &generator) < loss { return }
        toAgent.append((now + delay, datagram))
    }

    /// Whether every received frame is what its codec makes of the frame offered under its number, and none came
    /// twice.
    func receivedIsTrue() throws -> Bool {
        var seen: Set<[UInt64]> = []
        for frame in peer.frames {
            let codec = codecs[frame.stream]
            let original = original(frame.stream, frame.sequence)
            guard seen.insert([UInt64(frame.stream), frame.sequence]).inserted,
                try AgentTestStreams.decoded(original, codec: codec, rung: frame.rung) == frame.values
            else { return false }
        }
        return true
    }

    /// The sequences received of a stream.
    func sequences(_ stream: Int) -> [UInt64] {
        peer.frames.filter { $0.stream == stream }.map(\.sequence)
    }
}
