import CollectorCore
import WireFormat

/// What `GET /status` says, as JSON.
struct CollectorStatusDocument: Encodable {
    var explanation: String
    var packets: Packets
    var sink: Sink
    var bundles: Int
    var bundleProblems: [String]
    var handshakes: Int
    var sessions: [CollectorSessionDocument]

    init(_ snapshot: CollectorSnapshot) {
        explanation = snapshot.explanation
        packets = Packets(snapshot.receive)
        sink = Sink(snapshot)
        bundles = snapshot.receive.status.bundles
        bundleProblems = snapshot.bundleProblems
        handshakes = snapshot.receive.status.handshakes
        sessions = snapshot.receive.status.sessions.map {
            CollectorSessionDocument($0, now: snapshot.receive.now)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case explanation, packets, sink, bundles, handshakes, sessions
        case bundleProblems = "bundle_problems"
    }

    struct Packets: Encodable {
        var received: UInt64
        var receivedBytes: UInt64
        var sent: UInt64
        var unsent: UInt64
        var reports: UInt64
        var kernelDrops: UInt64
        var malformed: [String: UInt64]
        var dropped: [String: UInt64]

        init(_ snapshot: ReceiveSnapshot) {
            let counters = snapshot.status.counters
            received = counters.datagramsReceived
            receivedBytes = counters.bytesReceived
            sent = counters.datagramsSent
            unsent = snapshot.unsent
            reports = counters.reportsSent
            kernelDrops = snapshot.kernelDrops
            malformed = Dictionary(
                uniqueKeysWithValues: WireError.Kind.allCases.map { ("\($0)", counters.malformed($0)) })
            dropped = Dictionary(
                uniqueKeysWithValues: CollectorDrop.allCases.map { ($0.rawValue, counters.dropped($0)) })
        }

        private enum CodingKeys: String, CodingKey {
            case received, sent, unsent, reports, malformed, dropped
            case receivedBytes = "received_bytes"
            case kernelDrops = "kernel_drops"
        }
    }

    struct Sink: Encodable {
        var stored: UInt64
        var duplicates: UInt64
        var lost: UInt64
        var refused: UInt64
        var waiting: Int
        var waitingLimit: Int
        var failures: UInt64
        var problem: String?
        var deletedByAge: UInt64
        var deletedBySize: UInt64
        var fileBytes: Int

        init(_ snapshot: CollectorSnapshot) {
            stored = snapshot.sink.stored
            duplicates = snapshot.sink.duplicates
            lost = snapshot.sink.lost
            refused = snapshot.queue.refused
            waiting = snapshot.queue.frames
            waitingLimit = snapshot.queueLimit
            failures = snapshot.sink.failures
            problem = snapshot.sink.problem
            deletedByAge = snapshot.sink.deletedByAge
            deletedBySize = snapshot.sink.deletedBySize
            fileBytes = snapshot.sink.fileBytes
        }

        private enum CodingKeys: String, CodingKey {
            case problem
            case stored = "frames_stored"
            case duplicates = "frames_duplicate"
            case lost = "frames_lost"
            case refused = "frames_refused"
            case waiting = "frames_waiting"
            case waitingLimit = "frames_waiting_limit"
            case failures = "write_failures"
            case deletedByAge = "frames_deleted_by_age"
            case deletedBySize = "frames_deleted_by_size"
            case fileBytes = "file_bytes"
        }
    }
}
