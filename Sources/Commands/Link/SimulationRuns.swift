import Bundles
import LinkSimulation
import Plotting
import Quantization

/// The runs of `weir link simulate`: the agent's own control and the baselines, over the same link.
struct SimulationRuns {
    /// What the runs are, but for what decides about rates.
    let configuration: SimulationConfiguration

    /// What the runs measured.
    struct Results {
        let weir: SimulationResult
        /// By the names that reports use.
        let baselines: [String: SimulationResult]
    }

    private struct Run: Sendable {
        let name: String
        let control: SimulationConfiguration.Control
    }

    private static let adaptive = [
        Run(name: "delay_gradient", control: .delayGradient),
        Run(name: "additive_increase", control: .additiveIncrease),
        Run(name: "oracle", control: .oracle),
    ]

    /// Runs everything, in parallel.
    func run(withBaselines: Bool) async -> Results {
        let rungs = configuration.bundle.codec.ladder.rungs.indices
        var runs: [Run] = []
        if withBaselines {
            runs = rungs.map { Run(name: "rung \($0)", control: .fixed(rung: $0)) } + Self.adaptive
        }
        runs.append(Run(name: "weir", control: .adaptive))
        var results = await results(of: runs)
        guard let weir = results.popLast() else { preconditionFailure("one run is weir's") }
        guard withBaselines else { return Results(weir: weir, baselines: [:]) }
        let fixed = results.prefix(rungs.count)
        var baselines = ["fixed_cheapest": results[0]]
        baselines["fixed_best"] = fixed.max { $0.meanSNR < $1.meanSNR }
        for (run, result) in zip(Self.adaptive, results.dropFirst(rungs.count)) {
            baselines[run.name] = result
        }
        return Results(weir: weir, baselines: baselines)
    }

    private func results(of runs: [Run]) async -> [SimulationResult] {
        var results = [SimulationResult?](repeating: nil, count: runs.count)
        var progress = ProgressBar()
        await withTaskGroup(of: (Int, SimulationResult).self) { group in
            var done = 0
            func take(_ finished: (Int, SimulationResult)) {
                results[finished.0] = finished.1
                done += 1
                progress.update(Double(done) / Double(runs.count), "\(runs.count) runs")
            }
            for (index, run) in runs.enumerated() {
                group.addTask { (index, simulate(run)) }
            }
            for await finished in group { take(finished) }
        }
        progress.finish()
        return results.compactMap { $0 }
    }

    private func simulate(_ run: Run) -> SimulationResult {
        var configuration = configuration
        configuration.control = run.control
        var simulation = Simulation(configuration)
        return simulation.run()
    }
}
