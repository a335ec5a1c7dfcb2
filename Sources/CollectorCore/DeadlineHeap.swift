internal import WireFormat

/// Deadlines of sessions, earliest first; at most one for each.
struct DeadlineHeap {
    private var entries: [(deadline: MonotonicInstant, connection: ConnectionID)] = []

    /// The earliest deadline.
    var earliest: MonotonicInstant? { entries.first?.deadline }

    /// Adds a deadline.
    ///
    /// - Complexity: O(log n)
    mutating func insert(_ deadline: MonotonicInstant, for connection: ConnectionID) {
        entries.append((deadline, connection))
        var child = entries.count - 1
        while child > 0, entries[child].deadline < entries[(child - 1) / 2].deadline {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the session with the earliest deadline out, if that is not after `now`.
    ///
    /// - Complexity: O(log n)
    mutating func popDue(_ now: MonotonicInstant) -> ConnectionID? {
        guard let first = entries.first, first.deadline <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in 2 * parent + 1...2 * parent + 2 where child < entries.count {
                if entries[child].deadline < entries[least].deadline { least = child }
            }
            guard least != parent else { return first.connection }
            entries.swapAt(parent, least)
            parent = least
        }
    }

    /// Takes a session's deadlines out, wherever they are.
    ///
    /// - Complexity: O(n)
    mutating func remove(_ connection: ConnectionID) {
        let kept = entries.filter { $0.connection != connection }
        guard kept.count < entries.count else { return }
        entries = []
        for entry in kept { insert(entry.deadline, for: entry.connection) }
    }
}
