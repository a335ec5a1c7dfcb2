/// Where a bundle came from; for people, and to make it again.
public struct BundleProvenance: Sendable, Hashable {
    /// Frames that it was trained and calibrated on.
    public let frames: Int

    /// Seed of the training.
    public let seed: UInt64

    /// The method that made the adapted codebooks, as the command line names it.
    public let adaptation: String

    /// Creates a provenance. Traps if `frames` is negative.
    public init(frames: Int, seed: UInt64, adaptation: String) {
        precondition(frames >= 0, "a number of frames is not negative")
        self.frames = frames
        self.seed = seed
        self.adaptation = adaptation
    }
}
