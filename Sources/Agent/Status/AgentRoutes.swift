import AgentCore
import NIOCore
import ServiceHost

/// Answers the status socket's requests from snapshots of the packet loop.
struct AgentRoutes: Sendable {
    let loop: NIOLoopBound<PacketLoop>
    let eventLoop: any EventLoop

    /// The loop's state now, or nil if it does not answer.
    func snapshot() async -> AgentSnapshot? {
        let loop = loop
        return await LoopQuery.ask(eventLoop) { loop.value.snapshot }
    }

    /// The answer to a request; nil for an unknown path.
    func answer(_ request: StatusRequest) async -> StatusResponse? {
        let render: (AgentSnapshot) -> StatusResponse
        switch request.path {
        case "/status": render = { .document(AgentStatusDocument($0)) }
        case "/streams":
            render = { snapshot in
                let streams = snapshot.status.streams.map(AgentStreamDocument.init)
                return .document(AgentStreamsDocument(streams: streams))
            }
        case "/metrics": render = { .metrics(PrometheusText.render(AgentMetrics.families($0))) }
        case "/healthz": render = { _ in .text("ok") }
        default: return nil
        }
        guard let snapshot = await snapshot() else {
            return .text("the packet path does not answer", code: 503)
        }
        return render(snapshot)
    }
}
