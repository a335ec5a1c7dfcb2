import LinkControl
import WireFormat

/// A controller that agents are measured against. It never asks for probes and knows no outages.
protocol Baseline: RateController {
    /// What was sent, and what became of it.
    var log: PacketLog { get }
}

extension Baseline {
    var smoothedRoundTrip: Duration? { log.smoothedRoundTrip.map { .nanoseconds(Int64($0)) } }
    var queueDelay: Duration { .zero }
    var loss: Double { log.loss }
    var bytesInFlight: Int { log.bytesInFlight }
    var outages: Int { 0 }

    func wantsProbe(now: MonotonicInstant) -> Bool { false }
}
