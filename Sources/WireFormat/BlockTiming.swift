/// When a block's frames were taken, relative to the packet's send time.
public struct BlockTiming: Sendable, Hashable {
    /// Ticks from the first frame to the packet's sending; negative for a frame dated in the future.
    public var age: Int64

    /// Ticks from a frame to the next, the mean of the block's; 0 for a single frame.
    public var step: Int64

    /// Whether some frame lies beside the line that first frame and step give. The block then carries each
    /// later frame's distance from it.
    public var hasJitter: Bool

    /// The timing of a single frame, or of frames exactly `step` apart.
    public init(age: Int64, step: Int64 = 0, hasJitter: Bool = false) {
        self.age = age
        self.step = step
        self.hasJitter = hasJitter
    }

    /// The timing of a block's frames.
    ///
    /// - Parameters:
    ///   - ticks: Each frame's tick, at least one.
    ///   - sentAt: The packet's send tick.
    public init(of ticks: Span<Tick>, sentAt: Tick) {
        precondition(!ticks.isEmpty, "a block has at least one frame")
        let first = ticks[0].count
        age = min(max(sentAt.count - first, -Tick.limit), Tick.limit)
        step = ticks.count == 1 ? 0 : (ticks[ticks.count - 1].count - first) / Int64(ticks.count - 1)
        hasJitter = false
        for index in ticks.indices where ticks[index].count != first + Int64(index) * step {
            hasJitter = true
        }
    }
}
