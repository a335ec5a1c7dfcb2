public import Logging
public import ServiceLifecycle
private import UnixSignals

/// Runs a process's services until SIGTERM or SIGINT, which let them drain.
public struct ServiceRunner: Sendable {
    private let notifier: SystemdNotifier
    private let logger: Logger
    private let drainLimit: Duration

    /// Creates a runner; what is not drained after `drainLimit` is cancelled.
    public init(notifier: SystemdNotifier, logger: Logger, drainLimit: Duration = .seconds(4)) {
        self.notifier = notifier
        self.logger = logger
        self.drainLimit = drainLimit
    }

    /// Runs `services`; on shutdown they stop from the last to the first, each when the one after it is done.
    ///
    /// - Throws: the error of the first service that fails; the others are shut down before. A drain that had
    ///   to be cut off is logged and no error.
    public func run(_ services: [any Service], onReload: @escaping @Sendable () async -> Void) async throws {
        let all = services + [ReloadSignal(action: onReload), StopNotice(notifier: notifier)]
        var configuration = ServiceGroupConfiguration(
            services: all.map {
                .init(
                    service: $0, successTerminationBehavior: .cancelGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: "\(type(of: $0))")
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = drainLimit
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            logger.warning("stopped before everything was drained", metadata: ["limit": "\(drainLimit)"])
        }
    }

    /// Runs `services` of a process that cannot reload its settings yet, and says so on SIGHUP.
    public func run(_ services: [any Service]) async throws {
        let logger = logger
        try await run(services) {
            logger.warning(
                "SIGHUP: this version does not reload its settings; restart the service to apply them")
        }
    }
}

/// Calls an action on each SIGHUP. Signals that come during one are answered by one more.
private struct ReloadSignal: Service {
    let action: @Sendable () async -> Void

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            await action()
        }
    }
}

/// Tells systemd that the process stops. Last of the services, it is the first to hear of it.
private struct StopNotice: Service {
    let notifier: SystemdNotifier

    func run() async throws {
        try await gracefulShutdown()
        notifier.stopping(status: "draining")
    }
}
