/// How calibration frames used the base codebook of a stage; what adaptation weighs codewords by.
public struct StageStatistics: Sendable, Equatable {
    /// Tokens quantized to each codeword.
    public let counts: [UInt64]

    /// Mean of the tokens quantized to each codeword, `counts.count × dimension` values; the codeword itself
    /// where there were none.
    public let means: [Float]

    /// Creates statistics. Traps unless `means` holds equally many values for each count.
    public init(counts: [UInt64], means: [Float]) {
        precondition(!counts.isEmpty, "statistics have a count for each codeword")
        precondition(
            !means.isEmpty && means.count.isMultiple(of: counts.count),
            "statistics have a mean for each codeword")
        self.counts = counts
        self.means = means
    }
}
