import Bundles
import LinkSimulation
import NIOCore
import NIOPosix
import Quantization

/// Runs the demo: the processes, the link between them, and what is seen of them.
final class Demo {
    /// The streams' names.
    static let streams = ["press-7", "press-8", "spindle-2"]
    /// Frames of each stream in a second.
    static let frameRate = 50
    /// The age up to which a frame counts as on time, in milliseconds.
    static let deadline = 200.0

    private let script = DemoScript()
    private let trainingFrames: String
    private let frames: [FrameArray]
    private let directory: TemporaryDirectory
    private let programs: String
    private var processes: [ChildProcess] = []

    /// Reads the sample frames.
    init(examples: String) throws {
        trainingFrames = "\(examples)/imu192-train.npy"
        let path = "\(examples)/imu192-test.npy"
        let samples: FrameArray
        do {
            samples = try FrameArray.read(path: path)
        } catch {
            throw CommandFailure("\(error); --examples names the directory with the sample frames")
        }
        guard samples.count >= Self.streams.count else { throw CommandFailure(path: path, "too few frames") }
        // Each stream plays the samples from a place of its own.
        frames = Self.streams.indices.map { stream in
            let first = stream * samples.count / Self.streams.count * samples.shape.dimension
            return FrameArray(
                shape: samples.shape, values: Array(samples.values[first...] + samples.values[..<first]))
        }
        programs = try Self.programDirectory()
        directory = try TemporaryDirectory()
    }

    /// Runs from training to the last frame; afterwards no process and no file is left, whatever happened.
    func run() throws -> DemoOutcome {
        defer { cleanUp() }
        return try runSteps()
    }

    private func cleanUp() {
        for process in processes { process.end() }
        directory.remove()
    }

    private func runSteps() throws -> DemoOutcome {
        let bundle = try trainBundle()
        let files = DemoFiles(directory: directory)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let collectorPort = try Self.freePort(on: loop)
        try files.writeCollectorSettings(port: collectorPort)
        let collector = try start("weir-collector", ["--config", files.collectorSettings])
        try wait(for: collector) {
            try StatusClient.get("/healthz", socket: files.collectorStatus).hasPrefix("ok")
        }

        let relay = try LinkRelay.start(
            LinkRelay.Configuration(
                listen: try SocketAddress(ipAddress: "127.0.0.1", port: 0),
                target: try SocketAddress(ipAddress: "127.0.0.1", port: collectorPort),
                forward: script.calmLink, backward: .unlimited(delay: script.delay), seed: 1),
            on: loop
        ).wait()
        try files.writeAgentSettings(upstreamPort: relay.address.port, streams: Self.streams)
        let agent = try start("weir-agent", ["--config", files.agentSettings])
        try wait(for: agent) { try AgentView.fetch(from: files.agentStatus).phase == "established" }

        let record = try play(relay: relay, files: files)
        try relay.stop().wait()
        try stop(agent)
        try stop(collector)
        let arrived = try exportFrames(files)
        return DemoOutcome(script: script, record: record, sent: frames, arrived: arrived, bundle: bundle)
    }

    // MARK: - Steps

    private func trainBundle() throws -> Bundle {
        Console.message("training a small bundle from \(trainingFrames) ...")
        let path = directory.file("demo.weir")
        let training = try start(
            "weir",
            [
                "codebook", "train", trainingFrames, "-o", path, "--tokens", "4", "--base", "64", "--stages",
                "8",
            ])
        try finish(training, within: .seconds(120))
        return try Bundle.read(path: path)
    }

    /// Plays the script: feeds the streams, squeezes the link, watches.
    private func play(relay: LinkRelay, files: DemoFiles) throws -> DemoRecord {
        var feeds: [ChildProcess] = []
        for (name, array) in zip(Self.streams, frames) {
            let path = directory.file("\(name).npy")
            try array.write(path: path)
            feeds.append(
                try start(
                    "weir",
                    [
                        "feed", path, "--stream", name, "--rate", "\(Self.frameRate)", "--loop", "--count",
                        "\(Self.frameRate * script.seconds)", "--socket", files.ingest,
                    ]))
        }
        try relay.replaceForwardLink(try script.link()).wait()
        var record = DemoRecord(start: Int64(SystemTime.wall()))
        var view = DemoView(script: script)
        let start = SystemTime.monotonic()
        var tick = 1
        while tick <= script.seconds * DemoRecord.samplesPerSecond {
            try Interruption.check()
            let due = start + UInt64(tick * 1_000_000_000 / DemoRecord.samplesPerSecond)
            SystemTime.sleep(until: due)
            let status = try AgentView.fetch(from: files.agentStatus)
            record.append(status: status, counters: try relay.counters().wait().forward)
            try view.show(record)
            tick += 1
        }
        view.finish()
        for feed in feeds { try finish(feed, within: .seconds(10)) }
        return record
    }

    private func exportFrames(_ files: DemoFiles) throws -> [DemoFrames] {
        var result: [DemoFrames] = []
        for name in Self.streams {
            let values = directory.file("\(name)-arrived.npy")
            let index = directory.file("\(name)-arrived.csv")
            let export = try start(
                "weir-collector",
                ["export", "--database", files.database, "--stream", name, "-o", values, "--index", index])
            try finish(export, within: .seconds(30))
            result.append(
                DemoFrames(
                    name: name, frames: try DemoFrame.read(index: index),
                    values: try FrameArray.read(path: values)))
        }
        return result
    }

    // MARK: - Processes

    private func start(_ name: String, _ arguments: [String]) throws -> ChildProcess {
        let process = try ChildProcess(
            name, program: "\(programs)/\(name)", arguments: arguments,
            log: directory.file("\(processes.count)-\(name).log"))
        processes.append(process)
        return process
    }

    /// Waits until a daemon is as wanted; a daemon that does not answer yet is not.
    private func wait(for process: ChildProcess, until isReady: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(15)
        while ContinuousClock.now < end {
            try Interruption.check()
            guard process.isRunning() else { throw process.failure("ended") }
            if (try? isReady()) == true { return }
            SystemTime.sleep(until: SystemTime.monotonic() + 50_000_000)
        }
        throw process.failure("is not ready after 15 s")
    }

    private func finish(_ process: ChildProcess, within limit: Duration) throws {
        let end = ContinuousClock.now + limit
        while !process.wait(.milliseconds(100)) {
            try Interruption.check()
            guard ContinuousClock.now < end else { throw process.failure("does not end") }
        }
        guard process.succeeded else { throw process.failure("failed") }
    }

    private func stop(_ process: ChildProcess) throws {
        process.terminate()
        try finish(process, within: .seconds(10))
    }

    private static func programDirectory() throws -> String {
        let path = try SystemPath.ofExecutable()
        guard let slash = path.lastIndex(of: "/") else { throw CommandFailure("\(path): no directory") }
        return String(path[..<slash])
    }

    /// A UDP port that was free a moment ago.
    private static func freePort(on loop: any EventLoop) throws -> Int {
        let channel = try DatagramBootstrap(group: loop).bind(host: "127.0.0.1", port: 0).wait()
        let port = channel.localAddress?.port ?? 0
        try channel.close().wait()
        return port
    }
}
