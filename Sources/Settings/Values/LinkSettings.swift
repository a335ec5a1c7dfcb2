/// What the agent may assume of its uplink. Rates are at the IP level, headers included.
public struct LinkSettings: Sendable, Hashable {
    /// The rate to start at, before anything is measured, in bits per second.
    public var startBitsPerSecond: Int
    /// The rate never to exceed, in bits per second.
    public var maximumBitsPerSecond: Int?
}
