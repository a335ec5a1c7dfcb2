import AgentCore
import LinkControl

/// What `GET /status` says, as JSON.
struct AgentStatusDocument: Encodable {
    var gateway: String
    var run: String
    var phase: String
    var explanation: String
    var clockSynced: Bool
    var upstream: Upstream
    var link: Link
    var budget: AgentBudgetDocument?
    var packets: Packets
    var ingest: Ingest
    var streams: [AgentStreamDocument]

    init(_ snapshot: AgentSnapshot) {
        let status = snapshot.status
        gateway = snapshot.gateway
        run = "\(status.run)"
        phase = status.phase.rawValue
        explanation = snapshot.explanation
        clockSynced = snapshot.clockSynced
        upstream = Upstream(snapshot)
        link = Link(status)
        budget = status.budget.map { AgentBudgetDocument($0, problem: snapshot.budgetProblem) }
        packets = Packets(snapshot)
        ingest = Ingest(snapshot.ingest)
        streams = status.streams.map(AgentStreamDocument.init)
    }

    private enum CodingKeys: String, CodingKey {
        case gateway, run, phase, explanation, upstream, link, budget, packets, ingest, streams
        case clockSynced = "clock_synced"
    }

    struct Upstream: Encodable {
        var name: String
        var address: String?
        var localAddress: String?
        var carrier: Bool?
        var pathChanges: UInt64
        var problem: String?

        init(_ snapshot: AgentSnapshot) {
            name = snapshot.upstream
            address = snapshot.address
            localAddress = snapshot.localAddress
            carrier = snapshot.hasCarrier
            pathChanges = snapshot.counts.pathChanges
            problem = snapshot.upstreamProblem
        }

        private enum CodingKeys: String, CodingKey {
            case name, address, carrier, problem
            case localAddress = "local_address"
            case pathChanges = "path_changes"
        }
    }

    struct Link: Encodable {
        var state: String?
        var rate: Double?
        var roundTrip: Double?
        var queueDelay: Double
        var loss: Double
        var bytesInFlight: Int
        var sinceReport: Double?
        var outages: Int

        init(_ status: AgentStatus) {
            state = status.link?.word
            rate = status.rate?.bitsPerSecond
            roundTrip = status.roundTrip.map(\.milliseconds)
            queueDelay = status.queueDelay.milliseconds
            loss = status.loss
            bytesInFlight = status.bytesInFlight
            sinceReport = status.sinceReport.map { $0.milliseconds / 1_000 }
            outages = status.outages
        }

        private enum CodingKeys: String, CodingKey {
            case state, outages
            case rate = "rate_bits_per_second"
            case roundTrip = "round_trip_ms"
            case queueDelay = "queue_delay_ms"
            case loss = "loss_fraction"
            case bytesInFlight = "bytes_in_flight"
            case sinceReport = "seconds_since_report"
        }
    }

    struct Packets: Encodable {
        var sent: UInt64
        var sentBytes: UInt64
        var handshakes: UInt64
        var sessions: UInt64
        var reports: UInt64
        var malformed: UInt64
        var foreign: UInt64
        var unexpected: UInt64
        var withoutUpstream: UInt64
        var lostLocally: UInt64
        var unreachable: UInt64
        var refused: UInt64
        var tooLarge: UInt64

        init(_ snapshot: AgentSnapshot) {
            let packets = snapshot.status.packets
            sent = packets.sent
            sentBytes = packets.sentBytes
            handshakes = packets.handshakes
            sessions = packets.sessions
            reports = packets.reports
            malformed = packets.malformed
            foreign = packets.foreign
            unexpected = packets.unexpected
            withoutUpstream = snapshot.counts.withoutUpstream
            lostLocally = snapshot.counts.lostLocally
            unreachable = snapshot.counts.unreachable
            refused = snapshot.counts.refused
            tooLarge = snapshot.counts.tooLarge
        }

        private enum CodingKeys: String, CodingKey {
            case sent, handshakes, sessions, reports, malformed, foreign, unexpected, unreachable, refused
            case tooLarge = "too_large"
            case sentBytes = "sent_bytes"
            case withoutUpstream = "without_upstream"
            case lostLocally = "lost_locally"
        }
    }

    struct Ingest: Encodable {
        var connections: Int
        var frames: UInt64
        var errors: [String: UInt64]

        init(_ counts: IngestCounts) {
            connections = counts.connections
            frames = counts.frames
            errors = Dictionary(uniqueKeysWithValues: counts.errors.map { ($0.key.rawValue, $0.value) })
        }
    }
}

extension Duration {
    /// The duration in milliseconds.
    var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
    }
}
