import AgentCore
import Bundles
import LinkControl
import Quantization
import WireFormat

extension SimulationConfiguration {
    /// How long frames may wait for company.
    var latencyBudget: Duration { min(.milliseconds(50), deadline / 4) }

    /// The name of an agent.
    static func gateway(_ agent: Int) -> String { "agent-\(agent)" }

    /// What an agent is told.
    func agentConfiguration(_ agent: Int) -> AgentCoreConfiguration {
        var rungs = bundle.codec.ladder.rungs.indices
        var initialRate = BitRate.kilobitsPerSecond(64)
        if case .fixed(let rung) = control {
            rungs = rung..<rung + 1
            initialRate = .megabitsPerSecond(1_000)
        }
        let streams = (0..<streamCount).map { index in
            var stream = AgentStreamConfiguration(
                name: "stream-\(index)", codec: bundle.codec, bundle: bundle.identity,
                latencyBudget: latencyBudget, maximumAge: deadline, minimumRung: rungs.lowerBound,
                maximumRung: rungs.upperBound - 1)
            stream.codeMemo = codeMemo
            return stream
        }
        return AgentCoreConfiguration(
            gateway: Self.gateway(agent), streams: streams, initialRate: initialRate,
            maximumRate: .megabitsPerSecond(1_000))
    }

    /// What makes the agents' controllers, on a link that started at `origin`.
    func makeController(origin: MonotonicInstant) -> AgentCore.ControllerMaker {
        switch control {
        case .oracle: makeOracle(origin: origin)
        default: control.makeController
        }
    }

    private func makeOracle(origin: MonotonicInstant) -> AgentCore.ControllerMaker {
        let framesPerSecond = frameRate * Double(streamCount)
        let headers = 30.0 + Double(PacketLimits.ipv4Overhead) + 6 * Double(streamCount)
        let packetsPerSecond = 1e9 / Double(latencyBudget.wholeNanoseconds)
        let payload = bundle.codec.ladder.rungs[0].codedBitsPerFrame * framesPerSecond
        let known = OracleController.Configuration(
            link: forward, origin: origin, interval: latencyBudget, deadline: deadline,
            baseBitsPerSecond: payload + 8 * headers * packetsPerSecond)
        return { OracleController(configuration: known, now: $1) }
    }
}

extension SimulationConfiguration.Control {
    /// What makes the controllers of a control that knows nothing of the link; traps for the oracle.
    var makeController: AgentCore.ControllerMaker {
        switch self {
        case .adaptive: { LinkController(configuration: $0, now: $1) }
        case .fixed: { _, _ in UnlimitedController() }
        case .delayGradient: { DelayGradientController(configuration: $0, now: $1) }
        case .additiveIncrease: { _, _ in AdditiveIncreaseController() }
        case .oracle: preconditionFailure("an oracle is told what the link carries")
        }
    }
}
