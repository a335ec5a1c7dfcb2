public import WireFormat

/// What a link does, in words.
public enum LinkState: Sendable, Hashable {
    /// Nothing was reported yet, or the rate still grows fast to find out what the link carries.
    case starting
    /// Reports come in and the rate stays where it is.
    case steady
    /// The rate grows, carried by frames at finer rungs.
    case probing
    /// A queue or losses beyond the link's own made the rate go down.
    case congested
    /// No report came for a while; the rate goes down until one does.
    case silent(since: MonotonicInstant)
    /// No report for long: only one small packet now and then, until one is reported.
    case outage(since: MonotonicInstant)

    /// One lower-case word, for metrics and JSON.
    public var word: String {
        switch self {
        case .starting: "starting"
        case .steady: "steady"
        case .probing: "probing"
        case .congested: "congested"
        case .silent: "silent"
        case .outage: "outage"
        }
    }
}
