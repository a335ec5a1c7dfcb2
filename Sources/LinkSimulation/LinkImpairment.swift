import WireFormat

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The chances of a link: which packets it loses, and by how much their delay varies. Seeded.
struct LinkImpairment: Sendable {
    private let configuration: LinkModel.Configuration
    private var lossGenerator: SeededGenerator
    private var burstGenerator: SeededGenerator
    private var delayGenerator: SeededGenerator
    private var isBad = false

    init(_ configuration: LinkModel.Configuration, seed: UInt64) {
        self.configuration = configuration
        // One generator each, so that one kind of chance does not change the other's.
        lossGenerator = SeededGenerator(seed: seed)
        burstGenerator = SeededGenerator(seed: seed ^ 0x6275_7273_7473_0000)
        delayGenerator = SeededGenerator(seed: seed ^ 0x6A69_7474_6572_0000)
    }

    /// Whether the next packet is lost.
    mutating func losesPacket() -> Bool {
        var isLost = false
        if configuration.lossProbability > 0 {
            isLost = lossGenerator.unitInterval() < configuration.lossProbability
        }
        if let bursts = configuration.burstLoss {
            let loss = isBad ? bursts.lossWhenBad : bursts.lossWhenGood
            if burstGenerator.unitInterval() < loss { isLost = true }
            let turns = isBad ? bursts.becomesGood : bursts.becomesBad
            if burstGenerator.unitInterval() < turns { isBad.toggle() }
        }
        return isLost
    }

    /// Nanoseconds by which a packet's delay differs from the propagation delay.
    mutating func jitter() -> Int64 {
        guard configuration.jitterDeviation > .zero else { return 0 }
        return Int64(Double(configuration.jitterDeviation.wholeNanoseconds) * truncatedNormal())
    }

    /// Whether a packet is held back so that later ones overtake it.
    mutating func holdsBack() -> Bool {
        configuration.reorderProbability > 0
            && delayGenerator.unitInterval() < configuration.reorderProbability
    }

    /// A normal number within three deviations, by Marsaglia's polar method.
    private mutating func truncatedNormal() -> Double {
        while true {
            let first = 2 * delayGenerator.unitInterval() - 1
            let second = 2 * delayGenerator.unitInterval() - 1
            let square = first * first + second * second
            guard square > 0, square < 1 else { continue }
            let normal = first * (-2 * log(square) / square).squareRoot()
            if normal.magnitude <= 3 { return normal }
        }
    }
}
