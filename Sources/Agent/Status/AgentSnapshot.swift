import AgentCore
import LinkControl

/// The packet loop's state at one moment.
struct AgentSnapshot: Sendable {
    var gateway: String
    var status: AgentStatus
    var clockSynced: Bool
    /// The upstream as configured.
    var upstream: String
    /// The address that packets go to; nil while there is none.
    var address: String?
    /// The address that they go from.
    var localAddress: String?
    /// Whether the interface that they leave by has a carrier; nil until the kernel said so.
    var hasCarrier: Bool?
    /// Why packets go nowhere, or may soon.
    var upstreamProblem: String?
    /// Why the byte budget's count is in memory only.
    var budgetProblem: String?
    var counts: PacketLoopCounts
    var ingest: IngestCounts

    /// What happens, in one line of plain words.
    var explanation: String {
        var parts = [status.explanation]
        if let upstreamProblem { parts = address == nil ? [upstreamProblem] : parts + [upstreamProblem] }
        if status.budget?.isExhausted == true {
            parts.append("the byte budget is used up: only a keep-alive about every minute")
        }
        if let budgetProblem { parts.append(budgetProblem) }
        return parts.joined(separator: "; ")
    }
}
