#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An mse beside the variance of the frames.
enum Distortion {
    /// The mse as a share of the variance; nil where there is no variance, or one so small that the share is not finite.
    static func nmse(_ mse: Double, variance: Double) -> Double? {
        let share = mse / variance
        return variance > 0 && share.isFinite ? share : nil
    }

    /// The SNR in dB; nil where there is no distortion, or no share as above.
    static func snr(_ mse: Double, variance: Double) -> Double? {
        nmse(mse, variance: variance).flatMap { $0 > 0 ? -10 * log10($0) : nil }
    }
}
