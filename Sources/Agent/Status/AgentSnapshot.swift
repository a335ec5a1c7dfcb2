import AgentCore

/// The packet loop's state at one moment.
struct AgentSnapshot: Sendable {
    var gateway: String
    var status: AgentStatus
    var clockSynced: Bool
    /// The upstream as configured.
    var upstream: String
    /// The address that packets go to; nil while there is none.
    var address: String?
    /// Why packets go nowhere, or may soon.
    var upstreamProblem: String?
    var counts: PacketLoopCounts
    var ingest: IngestCounts

    /// What happens, in one line of plain words.
    var explanation: String {
        guard let upstreamProblem else { return status.explanation }
        return address == nil ? upstreamProblem : "\(status.explanation); \(upstreamProblem)"
    }
}
