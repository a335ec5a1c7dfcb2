import AgentCore
import NIOCore
import ServiceHost
import WireFormat

extension PacketLoop {
    /// How long what producers wrote before the end is still read.
    private static let readingLimit = Duration.milliseconds(500)
    private static let stoppingStep = TimeAmount.milliseconds(20)

    /// Reads what producers have written, sends what waits, and tells the collector; done within 3 s.
    func stop() -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        ingest.stopAccepting()
        readOn(until: SystemClock.now() + Self.readingLimit, framesBefore: nil, promise)
        return promise.futureResult
    }

    /// Goes on once no frame came for a step, or at `end`.
    private func readOn(
        until end: MonotonicInstant, framesBefore: UInt64?, _ promise: EventLoopPromise<Void>
    ) {
        pump()
        let frames = ingest.counts.frames
        guard frames != framesBefore, SystemClock.now() < end else {
            ingest.closeConnections()
            core.drain(now: SystemClock.now())
            return drainOn(promise)
        }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.stoppingStep) {
            bound.value.readOn(until: end, framesBefore: frames, promise)
        }
    }

    private func drainOn(_ promise: EventLoopPromise<Void>) {
        pump()
        if core.isDrained {
            closeSocket()
            saveBudget()
            return promise.succeed()
        }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.stoppingStep) { bound.value.drainOn(promise) }
    }
}
