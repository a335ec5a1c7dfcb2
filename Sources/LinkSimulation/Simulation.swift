import AgentCore
import Bundles
import CollectorCore
import Quantization
import WireFormat

/// Agents and a collector, the real cores, against each other over a link in virtual time.
///
/// The same configuration gives the same result, to the bit.
public struct Simulation: ~Copyable {
    /// Something on its way to the far end of the link.
    enum Arrival {
        /// An agent's datagram.
        case datagram(agent: Int, [UInt8])
        /// A competing flow's packet.
        case competing(flow: Int, sequence: Int)
    }

    let configuration: SimulationConfiguration
    let tally: SimulationTally
    let agents: [SimulatedAgent]
    var collector: CollectorCore
    var flows: [CompetingFlow]
    var forward: LinkModel
    var backward: LinkModel
    var outbound = TransitQueue<Arrival>()
    var inbound = TransitQueue<Arrival>()
    var buffer = DatagramBuffer()

    /// Prepares a run.
    public init(_ configuration: SimulationConfiguration) {
        self.configuration = configuration
        let start = SimulationClock.start
        tally = SimulationTally(configuration: configuration, start: start.nanoseconds)
        agents = (0..<configuration.agentCount).map {
            SimulatedAgent(configuration: configuration, index: $0, now: start)
        }
        collector = CollectorCore(
            bundles: [configuration.bundle.identity: configuration.bundle.codec],
            seed: configuration.seed &+ 1)
        flows = Array(repeating: CompetingFlow(now: start), count: configuration.competingFlows)
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
        let total = configuration.framesPerStream * configuration.totalStreams
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
            let deadline = max(
                nextDeadline(now: now), MonotonicInstant(nanoseconds: now.nanoseconds + 1_000))
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

    // MARK: - Frames

    private func offerTime(_ number: Int) -> MonotonicInstant {
        let nanoseconds = configuration.offerTime(
            stream: number % configuration.totalStreams, sequence: number / configuration.totalStreams)
        return MonotonicInstant(nanoseconds: SimulationClock.start.nanoseconds + nanoseconds)
    }

    private func offer(_ number: Int, now: MonotonicInstant) {
        let stream = number % configuration.totalStreams
        let sequence = number / configuration.totalStreams
        let dimension = configuration.bundle.codec.dimension
        let first = configuration.frameIndex(stream: stream, sequence: sequence) * dimension
        tally.offered(stream: stream, at: now.nanoseconds)
        // Streams take turns over the agents, so that each agent's are spread over the period.
        agents[stream % configuration.agentCount].core.offer(
            stream: stream / configuration.agentCount, timestamp: 0,
            frame: configuration.frames.values.span.extracting(first..<first + dimension), now: now,
            wall: SimulationClock.wall(at: now))
    }

    // MARK: - Time

    private func nextDeadline(now: MonotonicInstant) -> MonotonicInstant {
        var deadline = MonotonicInstant(nanoseconds: .max)
        for agent in agents { deadline = min(deadline, agent.core.nextDeadline(now: now)) }
        for flow in flows { deadline = min(deadline, flow.nextDeadline ?? deadline) }
        deadline = min(deadline, collector.nextDeadline ?? deadline)
        deadline = min(deadline, outbound.nextDue ?? deadline)
        return min(deadline, inbound.nextDue ?? deadline)
    }

    /// The bits that the link could carry in a bucket of the tally.
    private func capacityBits(_ bucket: Int) -> Double {
        let start = SimulationClock.start + .nanoseconds(Int64(bucket) * tally.bucketLength)
        let end = min(
            start + .nanoseconds(tally.bucketLength), SimulationClock.start + configuration.duration)
        return forward.capacityBits(from: start, to: end)
    }
}
