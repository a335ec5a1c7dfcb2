import AgentCore
import Bundles
import LinkControl
import Logging
import NIOCore
import NIOPosix
import Quantization
import ServiceHost
import Settings
import WireFormat

/// `weir-agent` as a whole: from a settings file to an exit status.
public enum AgentProcess {
    /// Runs the agent until SIGTERM or SIGINT.
    ///
    /// - Throws: `AgentStartError` if the settings cannot be put to work; nothing has begun then.
    public static func run(settingsPath: String) async throws {
        let settings = try load(settingsPath)
        var core = try configuration(settings)
        let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
        let logger = ServiceLog.logger(identifier: "weir-agent", level: level)
        let notifier = SystemdNotifier(logger: logger)
        var activated = try attempt { () throws(ActivationError) in try ActivatedSockets() }
        let ingest = try listener("ingest", settings.ingest, &activated)
        let status = try listener("status", settings.status, &activated)

        let kept = try byteBudget(settings, logger)
        core.byteBudget = kept?.budget
        let streamCount = core.streams.count

        let progress = ProgressCounter()
        let watchdog = Watchdog(notifier: notifier, progress: progress, logger: logger)
        let parts = PacketLoop.Parts(
            core: core, upstream: settings.upstream, budgetFile: kept?.file, progress: progress,
            housekeepingInterval: min(.milliseconds(500), (watchdog?.interval ?? .seconds(60)) / 5),
            logger: logger)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let eventLoop = group.next()
        let loop = try await eventLoop.submit {
            NIOLoopBound(PacketLoop(parts, on: eventLoop), eventLoop: eventLoop)
        }.get()
        let routes = AgentRoutes(loop: loop, eventLoop: eventLoop)
        try await IngestServer.start(
            ingest, limits: IngestLimits(connections: settings.ingest.maximumConnections), on: loop, eventLoop
        )
        let statusServer = try await StatusServer.start(
            status, on: group.next(), limits: .init(connections: settings.status.maximumConnections)
        ) { await routes.answer($0) }
        logger.info(
            "agent started", metadata: ["gateway": "\(settings.gateway)", "streams": "\(streamCount)"])
        let service = AgentService(loop: loop, eventLoop: eventLoop, routes: routes, notifier: notifier)
        try await ServiceRunner(notifier: notifier, logger: logger)
            .run([statusServer] + (watchdog.map { [$0] } ?? []) + [service])
        ingest.removeFile()
        logger.info("agent stopped")
    }

    private static func load(_ path: String) throws(AgentStartError) -> AgentSettings {
        do {
            return try AgentSettings.load(path: path)
        } catch {
            throw AgentStartError(error)
        }
    }

    private static func attempt<Value: ~Copyable, Failure: CustomStringConvertible & Error>(
        _ body: () throws(Failure) -> Value
    ) throws(AgentStartError) -> Value {
        do {
            return try body()
        } catch {
            throw AgentStartError(error)
        }
    }

    private static func listener(
        _ name: String, _ settings: SocketSettings, _ activated: inout ActivatedSockets
    ) throws(AgentStartError) -> UnixListener {
        if let listener = activated.take(name) { return listener }
        return try attempt { () throws(UnixSocketError) in
            try UnixListener(path: settings.path, mode: settings.mode)
        }
    }
}

extension AgentProcess {
    /// What the core is told: the settings with their bundles read. All that is wrong is reported at once.
    private static func configuration(_ settings: AgentSettings) throws(AgentStartError)
        -> AgentCoreConfiguration
    {
        var bundles: [String: Bundle] = [:]
        var streams: [AgentStreamConfiguration] = []
        var problems: [SettingsDiagnostic] = []
        for (index, stream) in settings.streams.enumerated() {
            do throws(SettingsDiagnostic) {
                streams.append(try configuration(stream, "stream[\(index)]", settings.source, &bundles))
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw AgentStartError(SettingsErrors(problems)) }
        // A name may stand for addresses of both families: the larger overhead never sends more than is allowed.
        let isIPv4 = settings.upstream.isLiteral && !settings.upstream.host.contains(":")
        let start = BitRate(bitsPerSecond: Double(settings.link.startBitsPerSecond))
        let maximum = settings.link.maximumBitsPerSecond.map { BitRate(bitsPerSecond: Double($0)) }
        return AgentCoreConfiguration(
            gateway: settings.gateway, streams: streams,
            ipOverhead: isIPv4 ? PacketLimits.ipv4Overhead : PacketLimits.ipv6Overhead,
            initialRate: start, maximumRate: maximum ?? max(start, .megabitsPerSecond(50)),
            reportInterval: settings.link.reportInterval ?? .zero, keepAliveInterval: settings.link.keepAlive)
    }

    private static func configuration(
        _ stream: StreamSettings, _ key: String, _ source: SettingsSource, _ bundles: inout [String: Bundle]
    ) throws(SettingsDiagnostic) -> AgentStreamConfiguration {
        let bundle: Bundle
        if let known = bundles[stream.bundlePath] {
            bundle = known
        } else {
            do {
                bundle = try Bundle.read(path: stream.bundlePath)
            } catch {
                throw source.diagnostic("\(key).bundle", "\(error)")
            }
            bundles[stream.bundlePath] = bundle
        }
        let dimension = bundle.codec.dimension
        if let wanted = stream.dimension, wanted != dimension {
            throw source.diagnostic("\(key).dimension", "is \(wanted), but the bundle's is \(dimension)")
        }
        let highest = bundle.codec.ladder.rungs.count - 1
        for (name, rung) in [("min_rung", stream.minimumRung), ("max_rung", stream.maximumRung)] {
            if let rung, rung > highest {
                throw source.diagnostic(
                    "\(key).\(name)", "is \(rung); the bundle has the rungs 0 to \(highest)")
            }
        }
        return AgentStreamConfiguration(
            name: stream.name, codec: bundle.codec, bundle: bundle.identity,
            latencyBudget: stream.latencyBudget, maximumAge: stream.maximumAge, weight: stream.weight,
            maximumDistortion: stream.maximumDistortion, minimumRung: stream.minimumRung ?? 0,
            maximumRung: stream.maximumRung, priority: stream.priority)
    }
}
