/// SplitMix64 (Steele, Lea, Flood 2014), the source of random choices in tests: the same numbers from the same seed
/// everywhere.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// Starts the sequence of a seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// `count` values in -1..<1. With `grid`, multiples of 1/4 only, so that ties are common.
    public mutating func values(_ count: Int, grid: Bool = false) -> [Float] {
        (0..<count).map { _ in
            // Integer arithmetic, so that golden values do not depend on how the library draws floats.
            let value = Float(Int32(truncatingIfNeeded: next() >> 40) - (1 << 23)) / Float(1 << 23)
            return grid ? (value * 4).rounded() / 4 : value
        }
    }
}
