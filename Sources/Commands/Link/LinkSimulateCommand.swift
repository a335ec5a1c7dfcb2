import ArgumentParser
import Bundles
import LinkSimulation
import Plotting
import Quantization

/// `weir link simulate`: streams over a recorded or scripted link, in virtual time.
struct LinkSimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run an agent and a collector against each other over a simulated link.",
        discussion: """
            The real protocol and control run in virtual time; the same options give the same figures. \
            A run lasts for one round of the trace, or once through the frames without one.

            Beside weir's own control, baselines run over the same link: fixed_cheapest and fixed_best send every \
            frame at one rung whatever the link does (the cheapest, and the one that turns out to have the highest \
            mean SNR); delay_gradient is in the manner of WebRTC's control with probing; additive_increase in the \
            manner of TCP; oracle knows what the link will carry in the next 200 ms, though not which packets are \
            lost by chance, nor other traffic, nor how many bytes frames take once they are coded.

            Figures are over all frames offered after the first 10 s (a quarter of a shorter run) and all \
            streams. mean_snr_db takes the rebuilt frame where it came by its deadline and the bundle's mean \
            where not: 0 dB when all are late. delivered_snr_db is that of the frames on time alone. Delays run \
            from capture. Of the bytes in both directions, overhead_fraction is the share of those that are not \
            coded frames, repair_fraction that of frames sent again.
            """)

    @Argument(help: "The bundle that the streams are coded with.")
    var bundle: String

    @Argument(help: "The frames (.npy) that the streams play.")
    var frames: String

    @OptionGroup var link: LinkOptions

    @Option(help: "The number of agents on the link.")
    var agents = 1

    @Option(help: "The number of bulk transfers in the manner of TCP that compete for the link.")
    var competingFlows = 0

    @Option(help: "The number of streams of an agent; each plays the frames from a place of its own.")
    var streams = 1

    @Option(help: ArgumentHelp("Frames of each stream in a second.", valueName: "hz"))
    var frameRate = 50.0

    @Option(help: "The age up to which a frame is on time.")
    var deadlineMs = 200

    @Option(help: "How long the run lasts.")
    var seconds: Double?

    @Option(help: "The seed of everything random.")
    var seed: UInt64 = 1

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(inversion: .prefixedNo, help: "Run the baselines besides.")
    var baselines = true

    @Flag(
        inversion: .prefixedNo,
        help: "Compute the codes of a frame once and use them in all runs; the figures are the same without.")
    var codeMemo = true

    @Option(help: ArgumentHelp("Draw the run as SVG.", valueName: "out.svg"))
    var plot: String?

    func validate() throws {
        guard (1...1_024).contains(streams) else {
            throw ValidationError("--streams: \(streams) is not in 1...1024")
        }
        guard (1...64).contains(agents) else { throw ValidationError("--agents: \(agents) is not in 1...64") }
        guard (0...64).contains(competingFlows) else {
            throw ValidationError("--competing-flows: \(competingFlows) is not in 0...64")
        }
        guard (0.01...10_000).contains(frameRate) else {
            throw ValidationError("--frame-rate: \(frameRate) is not in 0.01...10000")
        }
        guard (1...600_000).contains(deadlineMs) else {
            throw ValidationError("--deadline-ms: \(deadlineMs) is not in 1...600000")
        }
        if let seconds, !(0.1...86_400).contains(seconds) {
            throw ValidationError("--seconds: \(seconds) is not in 0.1...86400")
        }
        guard link.hasCapacity else {
            throw ValidationError("give one of --trace, --rate and --schedule")
        }
    }

    func run() async throws {
        var configuration = try simulationConfiguration()
        if codeMemo { configuration.codeMemo = CodeMemo(codec: configuration.bundle.codec) }
        let results = await SimulationRuns(configuration: configuration).run(withBaselines: baselines)
        if let plot {
            let picture = SimulationPlot.plot(results.weir, deadline: configuration.deadline, title: title)
            try Files.write(Array(picture.svg().utf8), to: plot)
        }
        let report = SimulationReport(weir: results.weir, baselines: results.baselines)
        try Console.output(json ? try JSONOutput.text(report) : report.table)
    }

    private var title: String {
        let source = link.trace.map { String($0.split(separator: "/").last ?? "trace") } ?? "scripted link"
        return "\(streams) stream\(streams == 1 ? "" : "s") over \(source)"
    }

    private func simulationConfiguration() throws -> SimulationConfiguration {
        let bundle: Bundle
        do { bundle = try Bundle.read(path: self.bundle) } catch {
            throw CommandFailure(path: self.bundle, error)
        }
        let frames: FrameArray
        do { frames = try FrameArray.read(path: self.frames) } catch {
            throw CommandFailure(path: self.frames, error)
        }
        guard frames.shape.dimension == bundle.codec.dimension else {
            throw CommandFailure(
                path: self.frames,
                "frames have \(frames.shape.dimension) values; the bundle \(self.bundle) wants \(bundle.codec.dimension)"
            )
        }
        guard frames.count > 0 else {
            throw CommandFailure(path: self.frames, "no frames; at least one is needed")
        }
        if let frame = frames.firstNonFiniteFrame {
            throw CommandFailure(path: self.frames, "frame \(frame) has a value that is not finite")
        }
        let forward = try link.modelConfiguration()
        let once = Double(frames.count) / frameRate
        var duration = Duration.seconds(seconds ?? once)
        if seconds == nil, case .trace(let trace) = forward.capacity { duration = trace.period }
        var configuration = SimulationConfiguration(
            bundle: bundle, frames: frames, streamCount: streams, frameRate: frameRate, duration: duration,
            deadline: .milliseconds(deadlineMs), forward: forward, backward: link.wayBack, seed: seed)
        configuration.agentCount = agents
        configuration.competingFlows = competingFlows
        return configuration
    }
}
