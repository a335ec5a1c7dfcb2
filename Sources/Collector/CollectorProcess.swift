import Bundles
import CollectorCore
import Logging
import NIOCore
import NIOPosix
import Quantization
import ServiceHost
import Settings
import WireFormat

/// `weir-collector` as a whole: from a settings file to an exit status.
public enum CollectorProcess {
    /// Runs the collector until SIGTERM or SIGINT.
    ///
    /// - Throws: `CollectorStartError` if the settings cannot be put to work; nothing has begun then.
    public static func run(settingsPath: String) async throws {
        let settings = try start { () throws(SettingsErrors) in try CollectorSettings.load(path: settingsPath)
        }
        let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
        let logger = ServiceLog.logger(identifier: "weir-collector", level: level)
        let notifier = SystemdNotifier(logger: logger)
        var activated = try start { () throws(ActivationError) in try ActivatedSockets() }
        let status: UnixListener
        if let listener = activated.take("status") {
            status = listener
        } else {
            status = try start { () throws(UnixSocketError) in
                try UnixListener(path: settings.status.path, mode: settings.status.mode)
            }
        }
        let database = try start { () throws(SinkError) in try FrameDatabase(path: settings.database.path) }
        let bundles = BundleWatch(path: settings.bundlesPath, logger: logger)
        let codecs = bundles.look() ?? [:]
        let socket = try receiveSocket(settings)

        let progress = ProgressCounter()
        let watchdog = Watchdog(notifier: notifier, progress: progress, logger: logger)
        let queue = FrameQueue(limits: .init(frames: settings.database.queueFrames))
        let writer = SinkWriter(
            database: database, queue: queue,
            options: .init(
                retention: .init(
                    maximumAge: settings.database.maximumAge, maximumBytes: settings.database.maximumBytes)),
            logger: logger, wallNanoseconds: { SystemClock.wall().nanoseconds })
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let eventLoop = group.next()
        let configuration = configuration(settings)
        let loop = try await eventLoop.submit {
            let loop = ReceiveLoop(
                configuration: configuration, bundles: codecs, socket: socket, queue: queue,
                progress: progress,
                logger: logger, on: eventLoop)
            return NIOLoopBound(loop, eventLoop: eventLoop)
        }.get()
        let routes = CollectorRoutes(
            loop: loop, eventLoop: eventLoop, queue: queue, writer: writer, bundles: bundles)
        let statusServer = try await StatusServer.start(
            status, on: group.next(), limits: .init(connections: settings.status.maximumConnections)
        ) { await routes.answer($0) }
        try await open(
            socket, loop, eventLoop,
            interval: min(.milliseconds(500), (watchdog?.interval ?? .seconds(60)) / 5),
            logger)
        let watch = bundles.service { codecs in
            eventLoop.execute { loop.value.replaceBundles(codecs) }
        }
        let service = CollectorService(
            loop: loop, eventLoop: eventLoop, queue: queue, writer: writer, routes: routes, notifier: notifier
        )
        try await ServiceRunner(notifier: notifier, logger: logger)
            .run([statusServer, watch] + (watchdog.map { [$0] } ?? []) + [service])
        logger.info("collector stopped")
    }

    private static func open(
        _ socket: ReceiveSocket, _ loop: NIOLoopBound<ReceiveLoop>, _ eventLoop: any EventLoop,
        interval: Duration, _ logger: Logger
    ) async throws {
        let channel = try await DatagramBootstrap(group: eventLoop)
            .channelOption(.maxMessagesPerRead, value: 64)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramReader(loop: loop.value))
                }
            }
            .withBoundSocket(socket.descriptor)
            .get()
        try await eventLoop.submit { loop.value.start(reading: channel, progressInterval: interval) }.get()
        // Scripts that ask for any free port read it here.
        logger.info("listening", metadata: ["address": "\(channel.localAddress?.description ?? "unknown")"])
    }

    private static func receiveSocket(_ settings: CollectorSettings) throws(CollectorStartError)
        -> ReceiveSocket
    {
        let listen = settings.listen
        do {
            let address = try SocketAddress(ipAddress: listen.host, port: Int(listen.port))
            return try ReceiveSocket(boundTo: address)
        } catch {
            throw CollectorStartError(
                settings.source.diagnostic("listen", "\(listen) cannot be listened on: \(error)"))
        }
    }

    private static func configuration(_ settings: CollectorSettings) -> CollectorCoreConfiguration {
        var configuration = CollectorCoreConfiguration()
        configuration.maximumSessions = settings.limits.sessions
        configuration.maximumStreamsPerSession = settings.limits.streamsPerSession
        configuration.reportInterval = settings.reportInterval
        return configuration
    }

    private static func start<Value: ~Copyable, Failure: CustomStringConvertible & Error>(
        _ body: () throws(Failure) -> Value
    ) throws(CollectorStartError) -> Value {
        do {
            return try body()
        } catch {
            throw CollectorStartError(error)
        }
    }
}
