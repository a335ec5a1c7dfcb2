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
    ///
    /// - Throws: `CollectorFailure` if the receiving socket is gone; what was received is stored before.
    func run() async throws {
        async let writing: Void = writer.run()
        notifier.ready(status: "waiting for agents")
        let isDeaf = await cancelWhenGracefulShutdown { await reportUntilDeaf() }
        let loop = loop
        try await eventLoop.flatSubmit { loop.value.stop() }.get()
        queue.close()
        await writing
        if isDeaf { throw CollectorFailure.deaf }
    }

    /// Tells systemd what happens, until the task is cancelled or the receiving socket is gone.
    ///
    /// - Returns: whether it is gone.
    private func reportUntilDeaf() async -> Bool {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.statusInterval)
            guard !Task.isCancelled, let snapshot = await routes.snapshot() else { continue }
            if snapshot.receive.isDeaf { return true }
            notifier.status(snapshot.explanation)
        }
        return false
    }
}
