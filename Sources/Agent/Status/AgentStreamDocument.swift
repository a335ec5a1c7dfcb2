import AgentCore

/// What `GET /status` and `GET /streams` say of a stream.
struct AgentStreamDocument: Encodable {
    var name: String
    var bundle: String
    var verdict: String
    var rung: Int
    var rungs: Int
    var bitsPerFrame: Double
    var expectedDistortion: Double
    var measuredDistortion: Double?
    var offered: UInt64
    var sent: UInt64
    var acknowledged: UInt64
    var pending: Int
    var dropped: [String: UInt64]

    init(_ status: AgentStreamStatus) {
        name = status.name
        bundle = "\(status.bundle)"
        verdict =
            switch status.verdict {
            case .pending: "pending"
            case .accepted: "accepted"
            case .refused(let reason, let text): text.isEmpty ? "refused: \(reason)" : "refused: \(text)"
            }
        rung = status.rung
        rungs = status.rungCount
        bitsPerFrame = status.codedBitsPerFrame
        expectedDistortion = status.expectedDistortion
        measuredDistortion = status.measuredDistortion
        offered = status.offered
        sent = status.sent
        acknowledged = status.acknowledged
        pending = status.pending
        dropped = Dictionary(
            uniqueKeysWithValues: DropReason.allCases.map { ("\($0)", status.dropped[$0]) })
    }

    private enum CodingKeys: String, CodingKey {
        case name, bundle, verdict, rung, rungs
        case bitsPerFrame = "bits_per_frame"
        case expectedDistortion = "expected_mse"
        case measuredDistortion = "measured_mse"
        case offered = "frames_offered"
        case sent = "frames_sent"
        case acknowledged = "frames_acknowledged"
        case pending = "frames_pending"
        case dropped = "frames_dropped"
    }
}

/// What `GET /streams` says.
struct AgentStreamsDocument: Encodable {
    var streams: [AgentStreamDocument]
}
