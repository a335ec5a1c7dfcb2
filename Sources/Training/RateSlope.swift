#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How much error a bit more takes away along a ladder of stages: what a weight of rate is measured by.
enum RateSlope {
    /// The slopes after each stage: error a bit, positive.
    ///
    /// Error falls about exponentially with rate, so that the slope is that of log error over bits, from the stage before
    /// to the one after, times the error.
    ///
    /// - Parameters:
    ///   - errors: The error before any stage and after each: one more than there are stages.
    ///   - bits: What each stage takes.
    static func slopes(errors: [Double], bits: [Double]) -> [Double] {
        precondition(errors.count == bits.count + 1, "an error after each stage, and one before")
        let logs = errors.map { log(max($0, .leastNormalMagnitude)) }
        return bits.indices.map { stage in
            let next = min(stage + 2, errors.count - 1)
            let rate = bits[stage..<next].reduce(0, +)
            return rate > 0 ? max(0, errors[stage + 1] * (logs[stage] - logs[next]) / rate) : 0
        }
    }
}
