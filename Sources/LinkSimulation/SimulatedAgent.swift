import AgentCore
import WireFormat

/// One agent of a simulation. A class, since a core cannot be an array's element.
final class SimulatedAgent {
    var core: AgentCore
    /// Where the collector sees it.
    let address: PeerAddress

    init(configuration: SimulationConfiguration, index: Int, now: MonotonicInstant) {
        // Differs from agent to agent, and for the first is the seed.
        let seed = configuration.seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        core = AgentCore(
            configuration: configuration.agentConfiguration(index), run: RunID(seed), seed: seed, now: now,
            wall: SimulationClock.wall(at: now), clockSynced: true,
            makeController: configuration.makeController(origin: now))
        address = PeerAddress(ipv4: 0x0A00_0001, port: UInt16(Self.firstPort + index))
    }

    /// The index of the agent with an address.
    static func index(of address: PeerAddress) -> Int { Int(address.port) - firstPort }

    private static let firstPort = 7_400
}
