import AgentCore
import Bundles
import CollectorCore
import DequeModule
import LinkControl
import Quantization
import WireFormat

/// An agent and a collector, the real cores, against each other over a link in virtual time.
///
/// The same configuration gives the same result, to the bit.
public struct Simulation: ~Copyable {
    private let configuration: SimulationConfiguration
    private let tally: SimulationTally
    private var agent: AgentCore
    private var collector: CollectorCore
    private var forward: LinkModel
    private var backward: LinkModel
    private var toCollector: Deque<(due: MonotonicInstant, datagram: [UInt8])> = []
    private var toAgent: Deque<(due: MonotonicInstant, datagram: [UInt8])> = []
    private var buffer = DatagramBuffer()
    private let agentAddress = PeerAddress(ipv4: 0x0A00_0001, port: 7_400)

    /// Prepares a run.
    public init(_ configuration: SimulationConfiguration) {
        self.configuration = configuration
        let start = SimulationClock.start
        tally = SimulationTally(configuration: configuration, start: SimulationClock.start.nanoseconds)
        agent = AgentCore(
            configuration: Self.agentConfiguration(configuration), run: RunID(configuration.seed),
            seed: configuration.seed, now: start, wall: SimulationClock.wall(at: start), clockSynced: true)
        collector = CollectorCore(
            bundles: [configuration.bundle.identity: configuration.bundle.codec],
            seed: configuration.seed &+ 1)
        forward = LinkModel(
            configuration: configuration.forward, origin: start, seed: configuration.seed &+ 2)
        backward = LinkModel(
            configuration: configuration.backward, origin: start, seed: configuration.seed &+ 3)
    }

    /// Runs to the end and measures; to be called once.
    ///
    /// - Parameter progress: called now and then with the fraction done.
    /// - Complexity: O(frames × cost of coding one)
    public mutating func run(progress: (Double) -> Void = { _ in }) -> SimulationResult {
        let total = configuration.framesPerStream * configuration.streamCount
        var offered = 0
        var now = SimulationClock.start
        var nextOffer = offerTime(0)
        let end = SimulationClock.start + configuration.duration + SimulationClock.patience
        while now < end {
            receive(now: now)
            while offered < total, nextOffer <= now {
                offer(offered, now: now)
                offered += 1
                nextOffer = offerTime(offered)
                if offered.isMultiple(of: 1_000) { progress(Double(offered) / Double(total)) }
            }
            send(now: now)
            // A deadline that is not after now would stop the clock; no timer is finer than a quarter millisecond.
            let deadline = max(nextDeadline(now: now), now + .microseconds(1))
            now = offered < total ? min(deadline, nextOffer) : deadline
        }
        return SimulationResult(
            configuration: configuration, tally: tally,
            capacityBits: forward.capacityBits(
                from: SimulationClock.start + configuration.warmUp,
                to: SimulationClock.start + configuration.duration),
            course: SimulationMoment.course(
                configuration: configuration, tally: tally,
                capacityBits: tally.carriedBytes.indices.map { capacityBits($0) }))
    }

    private static func agentConfiguration(_ configuration: SimulationConfiguration) -> AgentCoreConfiguration
    {
        var rungs = 0...(configuration.bundle.codec.ladder.rungs.count - 1)
        var initialRate = BitRate.kilobitsPerSecond(64)
        if case .fixed(let rung) = configuration.control {
            rungs = rung...rung
            initialRate = .megabitsPerSecond(1_000)
        }
        let streams = (0..<configuration.streamCount).map { index in
            var stream = AgentStreamConfiguration(
                name: "stream-\(index)", codec: configuration.bundle.codec,
                bundle: configuration.bundle.identity,
                latencyBudget: min(.milliseconds(50), configuration.deadline / 4),
                maximumAge: configuration.deadline, minimumRung: rungs.lowerBound,
                maximumRung: rungs.upperBound)
            stream.codeMemo = configuration.codeMemo
            return stream
        }
        return AgentCoreConfiguration(
            gateway: "simulated", streams: streams, initialRate: initialRate,
            maximumRate: .megabitsPerSecond(1_000))
    }

    // MARK: - Frames

    private func offerTime(_ number: Int) -> MonotonicInstant {
        let nanoseconds = configuration.offerTime(
            stream: number % configuration.streamCount, sequence: number / configuration.streamCount)
        return MonotonicInstant(nanoseconds: SimulationClock.start.nanoseconds + nanoseconds)
    }

    private mutating func offer(_ number: Int, now: MonotonicInstant) {
        let stream = number % configuration.streamCount
        let sequence = number / configuration.streamCount
        let dimension = configuration.bundle.codec.dimension
        let first = configuration.frameIndex(stream: stream, sequence: sequence) * dimension
        // A reference of its own, so that no access to the simulation is open during the call.
        let values = configuration.frames.values
        let frame = values.span.extracting(first..<first + dimension)
        tally.offered(stream: stream, at: now.nanoseconds)
        agent.offer(
            stream: stream, timestamp: 0, frame: frame, now: now, wall: SimulationClock.wall(at: now))
    }

    // MARK: - Packets

    private func nextDeadline(now: MonotonicInstant) -> MonotonicInstant {
        var deadline = agent.nextDeadline(now: now)
        if let other = collector.nextDeadline { deadline = min(deadline, other) }
        if let first = toCollector.first { deadline = min(deadline, first.due) }
        if let first = toAgent.first { deadline = min(deadline, first.due) }
        return deadline
    }

    private mutating func receive(now: MonotonicInstant) {
        while let first = toCollector.first, first.due <= now {
            toCollector.removeFirst()
            receive(first.datagram, arrived: now, now: now)
        }
        while let first = toAgent.first, first.due <= now {
            toAgent.removeFirst()
            unsafe agent.receive(first.datagram.span.bytes, now: now)
        }
    }

    /// Hands a datagram to the collector; its frames count as arrived at `arrived`, or not at all if that is `nil`.
    private mutating func receive(_ datagram: [UInt8], arrived: MonotonicInstant?, now: MonotonicInstant) {
        let tally = tally
        collector.receive(
            unsafe datagram.span.bytes, from: agentAddress, now: now, wall: SimulationClock.wall(at: now)
        ) { frame, values in
            if let arrived { tally.delivered(frame, values: values, at: arrived.nanoseconds) }
        }
    }

    private mutating func send(now: MonotonicInstant) {
        while true {
            let (isWritten, datagram) = buffer.write { agent.nextDatagram(into: &$0, now: now) }
            guard isWritten else { break }
            let bytes = datagram.count + PacketLimits.ipv4Overhead
            tally.sent(datagram, overhead: PacketLimits.ipv4Overhead, at: now.nanoseconds)
            var arrival: MonotonicInstant?
            if case .delivered(let due) = forward.enqueue(bytes: bytes, at: now) {
                arrival = due
                tally.carried(bytes: bytes, at: due.nanoseconds)
            }
            switch configuration.control {
            case .adaptive:
                if let arrival { toCollector.append((arrival, datagram)) }
            case .fixed:
                // The sender sees a perfect link, so that nothing holds it back; what the real one makes of the
                // packet decides over its frames.
                receive(datagram, arrived: arrival, now: now)
            }
        }
        while true {
            let (address, datagram) = buffer.write { collector.nextDatagram(into: &$0, now: now) }
            guard address != nil else { break }
            tally.sent(datagram, overhead: PacketLimits.ipv4Overhead, at: now.nanoseconds)
            switch configuration.control {
            case .adaptive:
                let bytes = datagram.count + PacketLimits.ipv4Overhead
                if case .delivered(let due) = backward.enqueue(bytes: bytes, at: now) {
                    toAgent.append((due, datagram))
                }
            case .fixed:
                toAgent.append((now, datagram))
            }
        }
    }

    /// The bits that the link could carry in a bucket of the tally.
    private func capacityBits(_ bucket: Int) -> Double {
        let start = SimulationClock.start + .nanoseconds(Int64(bucket) * tally.bucketLength)
        let end = min(
            start + .nanoseconds(tally.bucketLength), SimulationClock.start + configuration.duration)
        return forward.capacityBits(from: start, to: end)
    }
}
