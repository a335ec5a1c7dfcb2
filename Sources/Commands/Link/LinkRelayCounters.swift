import LinkSimulation

/// What a relay did: the link towards the target, and what was dropped outside of it.
struct LinkRelayCounters: Sendable, Hashable {
    /// The link towards the target.
    var forward = LinkCounters()
    /// Datagrams on their way back.
    var backward = LinkCounters()
    /// Clients with a socket towards the target.
    var clients = 0
    /// Datagrams of clients beyond the limit.
    var droppedClients: UInt64 = 0
    /// Datagrams beyond what may be on its way at once.
    var droppedInFlight: UInt64 = 0
}
