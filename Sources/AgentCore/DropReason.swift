/// Why a frame was not sent.
public enum DropReason: Int, Sendable, CaseIterable, CustomStringConvertible {
    /// It was past its stream's maximum age when it was offered.
    case tooOld
    /// The stream had as many frames waiting as it may.
    case queueFull
    /// The link could not carry it in time, even at the cheapest rung.
    case linkBudget
    /// The link could not carry it in time at a rung within the stream's maximum distortion.
    case maximumDistortion
    /// The bytes that the agent may cost had no room for it, even at the cheapest rung allowed.
    case byteBudget
    /// There was no session with a collector in time.
    case noSession
    /// The collector refused the stream.
    case refused
    /// The agent was stopping.
    case stopping

    /// A word for metrics and JSON.
    public var description: String {
        switch self {
        case .tooOld: "too_old"
        case .queueFull: "queue_full"
        case .linkBudget: "link_budget"
        case .maximumDistortion: "max_distortion"
        case .byteBudget: "byte_budget"
        case .noSession: "no_session"
        case .refused: "refused"
        case .stopping: "stopping"
        }
    }
}

/// How many frames were dropped, by reason.
public struct DropCounts: Sendable {
    private var counts = InlineArray<8, UInt64>(repeating: 0)

    /// No drops.
    public init() {}

    /// The frames dropped for a reason.
    public subscript(reason: DropReason) -> UInt64 {
        get { counts[reason.rawValue] }
        set { counts[reason.rawValue] = newValue }
    }

    /// All dropped frames.
    public var total: UInt64 {
        DropReason.allCases.reduce(0) { $0 + self[$1] }
    }
}
