internal import Bundles
internal import WireFormat

/// A stream as announced by a hello, and what was decided on it.
struct Announcement {
    enum Decision {
        case accepted(Stream)
        case refused(RefusalReason, text: String)
    }

    let announced: HelloStream
    let decision: Decision

    var verdict: StreamVerdict {
        switch decision {
        case .accepted(let stream):
            .accepted(stream: UInt16(truncatingIfNeeded: stream.index), bundle: stream.bundleNumber)
        case .refused(let reason, let text): .refused(reason, text: text)
        }
    }

    var status: StreamStatus {
        var stream: Stream?
        if case .accepted(let accepted) = decision { stream = accepted }
        return StreamStatus(
            name: announced.name, dimension: announced.dimension, bundle: announced.bundle, verdict: verdict,
            framesDelivered: stream?.framesDelivered ?? 0, duplicates: stream?.duplicates ?? 0,
            missing: stream?.missing ?? 0, lastSequence: stream?.window.highest,
            lastArrival: stream?.lastArrival, lastRung: stream?.lastRung)
    }
}
