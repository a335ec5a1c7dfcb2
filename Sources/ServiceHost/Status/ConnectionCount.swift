private import Synchronization

/// How many connections there are, and how many there may be.
final class ConnectionCount: Sendable {
    private let maximum: Int
    private let count = Mutex(0)

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Counts a connection, if there may be one more.
    func enter() -> Bool {
        count.withLock { count in
            guard count < maximum else { return false }
            count += 1
            return true
        }
    }

    /// Takes back one `enter`.
    func leave() {
        count.withLock { $0 -= 1 }
    }
}
