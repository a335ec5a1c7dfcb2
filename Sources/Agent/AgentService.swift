import AgentCore
import Logging
import NIOCore
import NIOPosix
import ServiceHost
import ServiceLifecycle

/// The agent's packet path as a service: it reads and sends until the end, then drains.
struct AgentService: Service {
    let loop: NIOLoopBound<PacketLoop>
    let eventLoop: any EventLoop
    let routes: AgentRoutes
    let notifier: SystemdNotifier

    /// Time between two lines for `systemctl status`.
    private static let statusInterval = Duration.seconds(5)

    /// Runs until a graceful shutdown begins, and then until what waits is sent or given up.
    func run() async throws {
        let loop = loop
        try await eventLoop.submit { loop.value.start() }.get()
        notifier.ready(status: "connecting to the upstream")
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.statusInterval)
                guard !Task.isCancelled, let snapshot = await routes.snapshot() else { continue }
                notifier.status(Self.line(snapshot))
            }
        }
        try await eventLoop.flatSubmit { loop.value.stop() }.get()
    }

    private static func line(_ snapshot: AgentSnapshot) -> String {
        let streams = snapshot.status.streams
        let sent = streams.reduce(0) { $0 + $1.sent }
        let dropped = streams.reduce(0) { $0 + $1.dropped.total }
        return "\(snapshot.explanation) (frames sent: \(sent), dropped: \(dropped))"
    }
}
