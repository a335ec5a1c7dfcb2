import WireFormat

/// How far what is counted may go before another state is saved.
struct BudgetReservation: Sendable {
    /// Bytes counted since the start.
    var counted = 0
    /// Bytes that a saved state covers.
    private(set) var covered = 0
    /// Bytes that the state which is being saved covers.
    private var pending: Int?
    private var savedAt: MonotonicInstant
    /// Bytes by which a saved state is ahead: what a crash costs at most.
    let step: Int

    /// A state is saved at least this often, so that the time in it is about right.
    private static let longest = Duration.seconds(600)

    init(_ configuration: ByteBudgetConfiguration, now: MonotonicInstant) {
        // A 250th of the cap: about 500 small files a period, and a crash costs 0.4 %.
        let cap = min(configuration.bytesPerDay ?? .max, configuration.bytesPerMonth ?? .max)
        step = max(65_536, cap / 250)
        savedAt = now - Self.longest
    }

    /// Bytes that may still be counted.
    var left: Int { covered - counted }

    /// Bytes by which a state to be saved now has to be ahead; nil when none is needed, or one is under way.
    mutating func next(awaited: Int, now: MonotonicInstant) -> Int? {
        guard pending == nil else { return nil }
        guard left - awaited < step / 2 || savedAt + Self.longest <= now else { return nil }
        let ahead = step + awaited
        pending = counted + ahead
        savedAt = now
        return ahead
    }

    /// The state was saved.
    mutating func saved() {
        guard let pending else { return }
        covered = max(covered, pending)
        self.pending = nil
    }
}
