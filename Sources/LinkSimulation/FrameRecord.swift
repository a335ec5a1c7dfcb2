/// What became of one offered frame.
struct FrameRecord {
    /// When it was offered, in nanoseconds of virtual time.
    let offered: Int64
    /// When it arrived; `nil` if it did not.
    var arrived: Int64?
    /// The rung that it arrived at.
    var rung: Int = 0
    /// Its squared error over all dimensions.
    var squaredError: Double = 0
}
