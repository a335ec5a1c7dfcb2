/// How calibration frames used the base codebook of a stage; what adaptation makes codebooks of other sizes from.
public struct StageStatistics: Sendable, Equatable {
    /// Tokens quantized to each codeword.
    public let counts: [UInt64]

    /// Mean of the tokens quantized to each codeword, `counts.count × dimension` values; the codeword itself
    /// where there were none.
    public let means: [Float]

    /// Leading principal axes of the tokens quantized to each codeword around their mean, the widest first:
    /// `counts.count × axisCount × dimension` values.
    ///
    /// Each axis is as long as the tokens are away from the mean along it, on average. For tokens that are normally
    /// distributed that is √(2/π) of the standard deviation; unlike that it says, for any tokens, where
    /// two codewords in place of the mean serve them better, and by how much: its square for each token.
    public let spread: [Float]

    /// Values of a mean.
    public var dimension: Int { means.count / counts.count }

    /// Axes of a codeword.
    public var axisCount: Int { Self.axisCount(dimension: dimension) }

    /// Axes of a codeword of `dimension` values: enough to split it in eight.
    public static func axisCount(dimension: Int) -> Int { min(3, dimension) }

    /// Creates statistics. Traps unless `means` holds equally many values for each count, and `spread` so many for each
    /// axis; without a spread all axes are zero.
    public init(counts: [UInt64], means: [Float], spread: [Float]? = nil) {
        precondition(!counts.isEmpty, "statistics have a count for each codeword")
        precondition(
            !means.isEmpty && means.count.isMultiple(of: counts.count),
            "statistics have a mean for each codeword")
        self.counts = counts
        self.means = means
        let spreadCount = means.count * Self.axisCount(dimension: means.count / counts.count)
        self.spread = spread ?? Array(repeating: 0, count: spreadCount)
        precondition(self.spread.count == spreadCount, "statistics have axes for each codeword")
    }
}
