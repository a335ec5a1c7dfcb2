/// Where a bundle came from; for people, and to make it again.
public struct BundleProvenance: Sendable, Hashable {
    /// Frames that it was trained and calibrated on.
    public let frames: Int

    /// Seed of the training.
    public let seed: UInt64

    /// The method that made the adapted codebooks, as the command line names it.
    public let adaptation: String

    /// For an imported codebook that was calibrated, the variance of the calibration frames around their mean, per
    /// dimension in squared units of the stream. A trained bundle's scale says it.
    public let variance: Double?

    /// Creates a provenance. Traps if `frames` is negative, or `variance` negative or not finite.
    public init(frames: Int, seed: UInt64, adaptation: String, variance: Double? = nil) {
        precondition(frames >= 0, "a number of frames is not negative")
        precondition(variance.map { $0 >= 0 && $0.isFinite } ?? true, "a variance is not negative")
        self.frames = frames
        self.seed = seed
        self.adaptation = adaptation
        self.variance = variance
    }

    /// The provenance of the same bundle with codebooks that were adapted by another method.
    public func adapted(by method: String) -> BundleProvenance {
        BundleProvenance(frames: frames, seed: seed, adaptation: method, variance: variance)
    }

    /// The provenance of the same bundle with rungs that were measured on frames.
    public func calibrated(frames: Int, variance: Double) -> BundleProvenance {
        BundleProvenance(frames: frames, seed: seed, adaptation: adaptation, variance: variance)
    }
}
