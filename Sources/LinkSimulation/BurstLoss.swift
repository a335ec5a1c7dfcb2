/// Losses in bursts: a link that is good or bad, from packet to packet (Gilbert 1960, Elliott 1963).
public struct BurstLoss: Sendable, Hashable {
    /// The probability that the link turns bad after a packet, and good again.
    public var becomesBad: Double
    /// The probability that a bad link turns good after a packet.
    public var becomesGood: Double
    /// The share of packets that a good link loses.
    public var lossWhenGood: Double
    /// The share of packets that a bad link loses.
    public var lossWhenBad: Double

    /// Describes bursts; traps unless all are probabilities.
    public init(
        becomesBad: Double, becomesGood: Double, lossWhenGood: Double = 0, lossWhenBad: Double = 1
    ) {
        precondition(
            [becomesBad, becomesGood, lossWhenGood, lossWhenBad].allSatisfy { (0...1).contains($0) },
            "a probability is in 0...1")
        self.becomesBad = becomesBad
        self.becomesGood = becomesGood
        self.lossWhenGood = lossWhenGood
        self.lossWhenBad = lossWhenBad
    }

    /// A link that loses this share of all packets, `meanLength` in a row on average, and none between.
    ///
    /// Traps unless `share` is in 0..<1 and `meanLength` is 1 or more and no shorter than the share needs.
    public init(share: Double, meanLength: Double) {
        precondition((0..<1).contains(share), "a share of lost packets is in 0..<1")
        precondition(meanLength >= max(1, share / (1 - share)), "bursts are as long as their share needs")
        self.init(becomesBad: share / (1 - share) / meanLength, becomesGood: 1 / meanLength)
    }
}
