import BasicContainers
import LinkControl
import Quantization
import WireFormat

extension AgentCore {
    /// Whether a hello packet is to be sent now: the first of several, or a repeated one, by time; further ones by
    /// the budget, ahead of data.
    func isHelloDue(_ session: AgentSession, now: MonotonicInstant) -> Bool {
        guard let nextHello = session.nextHello else { return false }
        return nextHello <= now || hasFurtherHello(session) && link.sendBudget(now: now) > 0
    }

    /// Whether a hello packet waits for the budget. In an outage none does: it has room for small packets only.
    func hasFurtherHello(_ session: AgentSession) -> Bool {
        session.nextHello != nil && session.helloStream > 0 && !link.isOutage
    }

    /// Writes the next hello packet, for streams that want a verdict and those among them.
    mutating func writeHello(
        _ session: inout AgentSession, into output: inout OutputRawSpan, now: MonotonicInstant
    ) {
        let range = unsettled(from: session.helloStream, session) ?? unsettled(from: 0, session) ?? 0..<0
        var hello = Hello(
            run: run, gateway: configuration.gateway, wallAtTickZero: wallAtTickZero, sendTick: tick(at: now),
            reportInterval: configuration.reportInterval,
            streams: configuration.streams[range].map {
                HelloStream(name: $0.name, dimension: $0.codec.dimension, bundle: $0.bundle)
            })
        hello.streamCount = streams.count
        hello.firstStream = range.lowerBound
        header(.control, session).write(into: &output)
        let end = hello.write(from: range.lowerBound, into: &output)
        let bounds = AgentConstants.helloRetry
        if unsettled(from: end, session) != nil {
            session.helloStream = end
            session.nextHello = now + bounds.upperBound
            return
        }
        let delay = min(bounds.lowerBound * (1 << min(session.hellos, 4)), bounds.upperBound)
        session.helloStream = 0
        session.hellos += 1
        session.nextHello = now + (session.isAccepted ? AgentConstants.refusedRetry : delay)
    }

    /// From the first stream that wants a verdict to the last one, of those from `first` on: one that has none, or,
    /// once all have one, one that was refused.
    private func unsettled(from first: Int, _ session: AgentSession) -> Range<Int>? {
        var range: Range<Int>?
        for index in first..<streams.count {
            switch streams[index].verdict {
            case .accepted: continue
            case .refused where !session.isAccepted: continue
            case .pending, .refused: range = (range?.lowerBound ?? index)..<index + 1
            }
        }
        return range
    }
}
