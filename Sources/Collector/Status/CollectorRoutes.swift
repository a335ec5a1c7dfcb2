import NIOCore
import ServiceHost

/// Answers the status socket's requests from snapshots of the collector.
struct CollectorRoutes: Sendable {
    let loop: NIOLoopBound<ReceiveLoop>
    let eventLoop: any EventLoop
    let queue: FrameQueue
    let writer: SinkWriter
    let bundles: BundleWatch

    /// The state now, or nil if the receive loop does not answer.
    func snapshot() async -> CollectorSnapshot? {
        let loop = loop
        guard let receive = await LoopQuery.ask(eventLoop, { loop.value.snapshot }) else { return nil }
        return CollectorSnapshot(
            receive: receive, queue: queue.status, queueLimit: queue.limits.frames, sink: writer.status,
            bundleProblems: bundles.problems)
    }

    /// The answer to a request; nil for an unknown path.
    func answer(_ request: StatusRequest) async -> StatusResponse? {
        let render: (CollectorSnapshot) -> StatusResponse
        switch request.path {
        case "/status": render = { .document(CollectorStatusDocument($0)) }
        case "/streams":
            render = {
                .document(CollectorStreamsDocument(sessions: CollectorStatusDocument($0).sessions))
            }
        case "/metrics": render = { .metrics(PrometheusText.render(CollectorMetrics.families($0))) }
        case "/healthz":
            render = { snapshot in
                if snapshot.receive.isDeaf { return .text("the receiving socket is closed", code: 503) }
                guard let problem = snapshot.sink.problem else { return .text("ok") }
                return .text("frames cannot be stored: \(problem)", code: 503)
            }
        default: return nil
        }
        guard let snapshot = await snapshot() else {
            return .text("the packet path does not answer", code: 503)
        }
        return render(snapshot)
    }
}
