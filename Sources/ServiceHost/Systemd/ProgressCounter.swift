private import Synchronization

/// Counts the turns of a loop, so that the watchdog sees whether it still turns.
///
/// The loop advances it itself, on every turn and from a timer on the same loop while there is nothing to do:
/// the timer's turn is missed when the loop is stuck.
public final class ProgressCounter: Sendable {
    private let turns = Atomic<UInt64>(0)

    /// Creates a counter at 0.
    public init() {}

    /// Counts one turn.
    public func advance() {
        turns.wrappingAdd(1, ordering: .relaxed)
    }

    /// The turns so far.
    public var count: UInt64 { turns.load(ordering: .relaxed) }
}
