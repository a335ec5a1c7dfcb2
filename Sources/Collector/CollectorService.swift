import Logging
import NIOCore
import ServiceHost
import ServiceLifecycle

/// The collector's packet path and sink as a service: it receives until the end, then stores what waits.
struct CollectorService: Service {
    let loop: NIOLoopBound<ReceiveLoop>
    let eventLoop: any EventLoop
    let queue: FrameQueue
    let writer: SinkWriter
    let routes: CollectorRoutes
    let notifier: SystemdNotifier

    /// Time between two lines for `systemctl status`.
    private static let statusInterval = Duration.seconds(5)

    /// Runs until a graceful shutdown begins, and then until all frames are stored or given up.
    func run() async throws {
        async let writing: Void = writer.run()
        notifier.ready(status: "waiting for agents")
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.statusInterval)
                guard !Task.isCancelled, let snapshot = await routes.snapshot() else { continue }
                notifier.status(snapshot.explanation)
            }
        }
        let loop = loop
        try await eventLoop.flatSubmit { loop.value.stop() }.get()
        queue.close()
        await writing
    }
}
