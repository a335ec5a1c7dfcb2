private import CSystemd
public import Logging
public import ServiceLifecycle

/// Pings systemd's watchdog while, and only while, the packet path makes progress.
///
/// The ping comes from a task of its own: a stuck packet path stops the pings although this task is healthy,
/// and systemd restarts the service.
public struct Watchdog: Service {
    /// How often progress is looked at: half of what systemd allows between pings.
    public let interval: Duration
    private let progress: ProgressCounter
    private let logger: Logger
    private let ping: @Sendable () -> Void

    /// Creates the watchdog that systemd asked for in `WATCHDOG_USEC`; nil where it did not.
    ///
    /// Advance `progress` at least four times in each `interval`, also while idle.
    public init?(notifier: SystemdNotifier, progress: ProgressCounter, logger: Logger) {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        self.init(
            interval: .microseconds(Int64(clamping: microseconds / 2)), progress: progress, logger: logger,
            ping: { notifier.watchdog() })
    }

    /// Creates a watchdog that looks every `interval` and calls `ping` if there was progress.
    public init(
        interval: Duration, progress: ProgressCounter, logger: Logger, ping: @escaping @Sendable () -> Void
    ) {
        self.interval = interval
        self.progress = progress
        self.logger = logger
        self.ping = ping
    }

    /// Runs until the task is cancelled or a graceful shutdown begins.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var judge = ProgressJudge()
            while !Task.isCancelled {
                look(&judge)
                try? await Task.sleep(for: interval, tolerance: interval / 10)
            }
        }
    }

    private func look(_ judge: inout ProgressJudge) {
        switch judge.look(progress.count) {
        case .moved: ping()
        case .firstStuck:
            logger.critical("the packet path makes no progress; the watchdog is not pinged until it does")
        case .stuck: break
        }
    }
}

/// Decides from looks at a progress counter whether there was progress.
struct ProgressJudge {
    enum Verdict { case moved, firstStuck, stuck }

    private var last: UInt64?
    private var isStuck = false

    /// The first look counts as progress: the service has just started.
    mutating func look(_ count: UInt64) -> Verdict {
        defer { last = count }
        guard last == count else {
            isStuck = false
            return .moved
        }
        defer { isStuck = true }
        return isStuck ? .stuck : .firstStuck
    }
}
