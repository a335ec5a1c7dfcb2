import CollectorCore
import WireFormat

/// What `GET /status` says of an agent's session.
struct CollectorSessionDocument: Encodable {
    var gateway: String
    var run: String
    var address: String
    var clockSynced: Bool
    var secondsSincePacket: Double
    var packetsReceived: UInt64
    var packetsLost: UInt64
    var streams: [Stream]

    init(_ session: SessionStatus, now: MonotonicInstant) {
        gateway = session.gateway
        run = "\(session.run)"
        address = "\(session.address)"
        clockSynced = session.clockSynced
        secondsSincePacket = Double(session.lastArrival.duration(to: now).wholeNanoseconds) / 1e9
        packetsReceived = session.packetsReceived
        packetsLost = session.packetsLost
        streams = session.streams.map(Stream.init)
    }

    private enum CodingKeys: String, CodingKey {
        case gateway, run, address, streams
        case clockSynced = "clock_synced"
        case secondsSincePacket = "seconds_since_packet"
        case packetsReceived = "packets_received"
        case packetsLost = "packets_lost"
    }

    struct Stream: Encodable {
        var name: String
        var dimension: Int
        var bundle: String
        var verdict: String
        var delivered: UInt64
        var duplicates: UInt64
        var missing: UInt64
        var lastSequence: UInt64?
        var lastRung: Int?

        init(_ stream: StreamStatus) {
            name = stream.name
            dimension = stream.dimension
            bundle = "\(stream.bundle)"
            verdict =
                switch stream.verdict {
                case .accepted: "accepted"
                case .refused(let reason, let text): text.isEmpty ? "refused: \(reason)" : "refused: \(text)"
                }
            delivered = stream.framesDelivered
            duplicates = stream.duplicates
            missing = stream.missing
            lastSequence = stream.lastSequence
            lastRung = stream.lastRung
        }

        private enum CodingKeys: String, CodingKey {
            case name, dimension, bundle, verdict
            case delivered = "frames_delivered"
            case duplicates = "frames_duplicate"
            case missing = "frames_missing"
            case lastSequence = "last_sequence"
            case lastRung = "last_rung"
        }
    }
}

/// What `GET /streams` says.
struct CollectorStreamsDocument: Encodable {
    var sessions: [CollectorSessionDocument]
}
