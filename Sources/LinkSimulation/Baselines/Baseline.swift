import LinkControl
import WireFormat

/// A controller that agents are measured against. It never asks for probes, knows no outages and hears no hints.
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

    mutating func carrierChanged(isUp: Bool, now: MonotonicInstant) {}
    mutating func networkRefused(now: MonotonicInstant) {}
    func wantsProbe(now: MonotonicInstant) -> Bool { false }
}
