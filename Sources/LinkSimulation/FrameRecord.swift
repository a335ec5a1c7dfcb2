/// What became of one offered frame.
struct FrameRecord {
    /// When it was offered, in nanoseconds of virtual time.
    let offered: Int64
    /// When it arrived; `nil` if it did not.
    var arrived: Int64?
    /// The rung that it arrived at.
    var rung: Int16 = 0
    /// Whether it was sent at all.
    var isSent = false
    /// Its squared error over all dimensions.
    var squaredError: Double = 0

    init(offered: Int64) {
        self.offered = offered
    }

    /// Whether it arrived within `deadline` nanoseconds.
    func isOnTime(_ deadline: Int64) -> Bool {
        guard let arrived else { return false }
        return arrived - offered <= deadline
    }
}
