import BasicContainers
public import LinkControl
import Quantization
public import WireFormat

/// The agent without its sockets: frames and reports in, packets out.
///
/// Nothing here reads a clock, opens a socket or logs. Call `nextDatagram` until it returns false after every
/// other call and at `nextDeadline`. Time must not go back. Everything is bounded and allocated in `init`; only
/// handshake, hello and accept allocate afterwards.
public struct AgentCore: ~Copyable {
    /// What the agent was told.
    public let configuration: AgentCoreConfiguration
    /// The agent's start.
    public let run: RunID
    /// Whether the gateway's wall clock is synchronised; every packet says so.
    public var clockSynced: Bool

    /// Tick zero on the two clocks.
    let start: MonotonicInstant
    let wallAtTickZero: WallTime

    var streams: RigidArray<AgentStream>
    var allocator: RungAllocator
    /// Frames of each stream for the packet that is made.
    var batch: [Int]
    var assembly = PacketAssembly()
    var ledger = AcknowledgementLedger()

    var connection: AgentConnection
    var link: any RateController
    /// What bounds the bytes of all packets besides the link.
    public var byteBudget: ByteBudget?
    /// Whether the byte budget had less than the link when a packet was last planned.
    var isByteLimited = false
    private let linkConfiguration: LinkConfiguration
    private let makeController: ControllerMaker
    var generator: SplitMix
    /// When data that is due can be sent; nil while nothing keeps it back.
    var dataWait: DataWait?
    var drainEnd: MonotonicInstant?

    var counts = AgentPacketCounts()
    var outagesBefore = 0
    var lastReport: MonotonicInstant?
    /// Why the last session ended, and whether the network says that nobody listens.
    var lastClose: CloseReason?
    var isUnreachable = false

    /// Makes a controller for a session that begins now.
    public typealias ControllerMaker = @Sendable (LinkConfiguration, MonotonicInstant) -> any RateController

    /// What data that is due waits for.
    enum DataWait {
        case instant(MonotonicInstant)
        case report
    }

    /// Makes an agent with no session yet.
    ///
    /// - Parameters:
    ///   - configuration: what to send.
    ///   - run: random bits that name this start of the agent for ever.
    ///   - seed: what connection ids and jitter are drawn from; random outside of tests.
    ///   - wall: the time of day at `now`; the run's times are counted from it whatever that clock does later.
    ///   - makeController: makes what decides how much may be sent, anew for each session.
    public init(
        configuration: AgentCoreConfiguration, run: RunID, seed: UInt64, now: MonotonicInstant,
        wall: WallTime, clockSynced: Bool,
        makeController: @escaping ControllerMaker = { LinkController(configuration: $0, now: $1) }
    ) {
        self.configuration = configuration
        self.run = run
        self.clockSynced = clockSynced
        start = now
        wallAtTickZero = wall
        // Streams come in units of their own; against each other they count relative to their normalization.
        allocator = RungAllocator(
            streams: configuration.streams.map { stream in
                let scale = Double(stream.codec.normalization.scale)
                return AllocatorStream(
                    ladder: stream.codec.ladder, weight: stream.weight / (scale * scale), rungs: stream.rungs,
                    maximumDistortion: stream.maximumDistortion)
            })
        streams = RigidArray(capacity: configuration.streams.count)
        for (index, stream) in configuration.streams.enumerated() {
            streams.append(AgentStream(stream, floor: allocator.floor(of: index), now: now))
        }
        batch = Array(repeating: 0, count: configuration.streams.count)
        linkConfiguration = Self.linkConfiguration(of: configuration, allocator: allocator)
        self.makeController = makeController
        link = makeController(linkConfiguration, now)
        byteBudget = configuration.byteBudget
        generator = SplitMix(seed: seed)
        connection = .closed
        connection = .connecting(newHandshake(attempts: 0, at: now))
    }

    /// The streams' number.
    public var streamCount: Int { streams.count }

    /// Whether everything was sent or given up after `drain`, and the collector was told.
    public var isDrained: Bool {
        if case .closed = connection { true } else { false }
    }

    /// Takes a frame: copies it, to be sent within its stream's latency budget. Bounded; what is dropped is
    /// counted by reason, and its sequence number is missing upstream.
    ///
    /// - Parameters:
    ///   - stream: the stream's index.
    ///   - timestamp: nanoseconds since 1970; 0 for now.
    ///   - frame: finite values, of the stream's dimension (traps otherwise).
    ///   - wall: the time of day.
    /// - Complexity: O(dimension)
    public mutating func offer(
        stream index: Int, timestamp: UInt64, frame: Span<Float>, now: MonotonicInstant, wall: WallTime
    ) {
        precondition(frame.count == streams[index].dimension, "a frame has its stream's dimension")
        let sequence = streams[index].nextSequence
        streams[index].nextSequence += 1
        var tick = tick(at: now)
        var age = Duration.zero
        if timestamp != 0 {
            let taken = WallTime(nanoseconds: Int64(clamping: timestamp))
            tick = Tick(sinceEpoch: wallAtTickZero.duration(to: taken))
            age = max(.zero, taken.duration(to: wall))
        }
        if let reason = refusal(of: index, age: age) {
            streams[index].dropped[reason] += 1
            return
        }
        streams[index].accept(
            PendingFrame(
                sequence: sequence, tick: tick,
                deadline: now + max(.zero, streams[index].latencyBudget - age),
                expiry: now + (streams[index].maximumAge - age)),
            values: frame)
    }

    /// Why a frame that is offered now is not kept.
    private func refusal(of index: Int, age: Duration) -> DropReason? {
        if drainEnd != nil || isDrained { return .stopping }
        if case .refused = streams[index].verdict { return .refused }
        if allocator.floor(of: index) == nil { return .maximumDistortion }
        return age >= streams[index].maximumAge ? .tooOld : nil
    }

    /// Hears that the network gave an error (a closed port, no route, a name without address). A hint: it may be
    /// forged, and reports tell the truth.
    public mutating func upstreamUnreachable(now: MonotonicInstant) {
        isUnreachable = true
        link.networkRefused(now: now)
        dataWait = nil
    }

    /// Hears that the carrier of the interface that packets leave by went away or came back. A hint that shortens
    /// the link control's reaction.
    public mutating func carrierChanged(isUp: Bool, now: MonotonicInstant) {
        link.carrierChanged(isUp: isUp, now: now)
        dataWait = nil
    }

    /// Hears that packets go another way now, since the upstream's or our own address changed.
    public mutating func pathChanged(now: MonotonicInstant) {
        isUnreachable = false
        link.pathChanged(now: now)
        dataWait = nil
        if case .connecting = connection {
            connection = .connecting(newHandshake(attempts: 0, at: now))
        }
    }

    /// Stops: takes no more frames, makes what waits due, then closes the session. `isDrained` says when it is
    /// done, within 2 s whatever the link does.
    public mutating func drain(now: MonotonicInstant) {
        guard drainEnd == nil else { return }
        drainEnd = now + AgentConstants.drainLimit
        dataWait = nil
        advance(to: now)
    }

    /// Begins a session's link control: nothing of the path before holds.
    mutating func restartController(now: MonotonicInstant) {
        outagesBefore += link.outages
        link = makeController(linkConfiguration, now)
    }

    /// The tick at an instant.
    func tick(at now: MonotonicInstant) -> Tick {
        Tick((now.nanoseconds - start.nanoseconds) / Tick.nanoseconds)
    }

    private static func linkConfiguration(
        of configuration: AgentCoreConfiguration, allocator: RungAllocator
    ) -> LinkConfiguration {
        var base = PacketHeader.byteCount + 1 + configuration.ipOverhead
        var ratio = 1.0
        var budget = Duration.milliseconds(200)
        for (index, stream) in configuration.streams.enumerated() {
            guard let floor = allocator.floor(of: index) else { continue }
            let payload = stream.codec.maximumPayload(
                rung: floor, frames: 1, tokens: stream.codec.shape.tokens)
            let headers =
                AgentConstants.packetHeadBytes + AgentConstants.largestBlockHeaderBytes
                + configuration.ipOverhead
            let packets = 1 + payload / (PacketLimits.maximumDatagram - headers)
            base = max(base, payload + packets * headers)
            for (cheap, dear) in zip(stream.codec.ladder.rungs, stream.codec.ladder.rungs.dropFirst())
            where cheap.codedBitsPerFrame > 0 {
                ratio = max(ratio, dear.codedBitsPerFrame / cheap.codedBitsPerFrame)
            }
            budget = max(budget, min(stream.latencyBudget, .seconds(1)))
        }
        let initial = configuration.initialRate
        return LinkConfiguration(
            latencyBudget: budget, initialRate: initial,
            minimumRate: min(initial, .kilobitsPerSecond(5)),
            maximumRate: max(initial, configuration.maximumRate), basePacketBytes: base,
            largestRungRatio: ratio)
    }
}
