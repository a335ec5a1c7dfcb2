import WireFormat

/// Virtual time: where it starts, and the two clocks that the cores are shown.
enum SimulationClock {
    /// The start of the agent, of the link's schedule or trace, and of the frames: what the handshake takes is
    /// part of the run.
    static let start = MonotonicInstant(nanoseconds: 1_000_000_000)
    /// How long after the last frame stragglers are waited for.
    static let patience = Duration.seconds(5)

    /// The wall clock of both ends; an arbitrary day.
    static func wall(at now: MonotonicInstant) -> WallTime {
        WallTime(nanoseconds: 1_700_000_000_000_000_000 + now.nanoseconds)
    }
}
