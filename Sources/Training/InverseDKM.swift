public import Quantization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Inverse functional DKM of rate-adaptive quantization (RAQ, Seo and Kang 2024), for a codebook larger than the base; kept
/// for comparison.
///
/// It seeks codewords which differentiable k-means would reduce to the base codebook: gradient descent (AdamW, whose
/// decay is the paper's penalty) on the maximum mean discrepancy between the base codewords and the centroids, through the
/// unrolled steps of DKM. Nothing in that goal says where tokens lie, so that the result is often worse than the base.
///
/// The paper's kernels and start are meant for codewords of a standard deviation of 1/√dimension: the base codebook is
/// scaled to that and back.
public struct InverseDKM: Sendable {
    /// The most steps of gradient descent.
    public var steps = 5_000

    /// Descent stops after so many steps without a better discrepancy.
    public var patience = 400

    /// Learning rate.
    public var learningRate: Float = 5e-3

    /// Share of the values that decays in a step, in learning rates; for sizes up to 1,000 and above.
    public var weightDecays: (Float, Float) = (0.01, 0.05)

    /// Steps of DKM to go through; where it converges before, fewer.
    public var centroidSteps = 20

    /// DKM's temperature, in scaled units.
    public var temperature: Float = 0.01

    /// Starts again, from wider codewords, where the discrepancy stays above this.
    public var goodDiscrepancy = 0.01

    /// The most starts.
    public var starts = 2

    /// Seed of the start.
    public var seed: UInt64 = 1

    /// Uses the paper's values.
    public init() {}

    /// What descent found.
    public struct Result: Sendable {
        /// The codewords.
        public var codebook: Codebook
        /// Maximum mean discrepancy between the base codewords and the codewords' centroids.
        public var discrepancy: Double
    }

    /// A codebook of `size` codewords for a base codebook. Traps unless size is above base.size.
    ///
    /// - Complexity: O(steps × centroidSteps × size × base.size × dimension)
    public func adapt(_ base: Codebook, size: Int) -> Result {
        precondition(size > base.size, "inverse DKM makes larger codebooks")
        let scale = Self.scale(of: base)
        let target = LaneRows(base.codewords.map { $0 * scale }, dimension: base.dimension)
        let discrepancy = Discrepancy(from: target)
        var generator = SeededGenerator(seed: seed)
        var best: (rows: [Float], value: Double)?
        for start in 0..<max(1, starts) {
            // The paper's code: standard deviation 1/8 at 64 dimensions, then 1/5.
            let deviation = (start == 0 ? 1 : 1.6) / Float(base.dimension).squareRoot()
            let found = descend(
                size: size, base: base, deviation: deviation, discrepancy, generator: &generator)
            if best.map({ found.value < $0.value }) ?? true { best = found }
            if found.value <= goodDiscrepancy { break }
        }
        let values = best?.rows ?? []
        return Result(
            codebook: Codebook(
                codewords: values.map { $0 / scale }, size: size, dimension: base.dimension),
            discrepancy: best?.value ?? .infinity)
    }

    /// The discrepancy from a base codebook of the centroids that DKM reduces a codebook to, from the codewords at `start`
    /// on; and how it grows with each of the codebook's values. Both in scaled units.
    public func measure(
        _ codebook: Codebook, against base: Codebook, start: [Int]
    ) -> (discrepancy: Double, gradient: [Float]) {
        precondition(start.count == base.size, "as many centroids as base codewords")
        let discrepancy = Discrepancy(from: LaneRows(base.codewords, dimension: base.dimension))
        return measure(codebook, discrepancy, start: start)
    }

    private func measure(
        _ codebook: Codebook, _ discrepancy: Discrepancy, start: [Int]
    ) -> (discrepancy: Double, gradient: [Float]) {
        let unrolled = UnrolledDKM(codebook, start: start, temperature: temperature, steps: centroidSteps)
        let (value, gradient) = discrepancy.measure(unrolled.centroids)
        return (value, unrolled.gradient(of: gradient))
    }

    private func descend(
        size: Int, base: Codebook, deviation: Float, _ discrepancy: Discrepancy,
        generator: inout SeededGenerator
    ) -> (rows: [Float], value: Double) {
        var values = (0..<size * base.dimension).map { _ in deviation * Self.normal(&generator) }
        let chosen = Array((0..<size).shuffled(using: &generator).prefix(base.size))
        var optimizer = AdamW(
            count: values.count, rate: learningRate,
            decay: size > 1_000 ? weightDecays.1 : weightDecays.0)
        var best = (rows: values, value: Double.infinity)
        var stepsWithoutGain = 0
        for _ in 0..<steps where stepsWithoutGain < patience {
            let codebook = Codebook(codewords: values, size: size, dimension: base.dimension)
            let (value, gradient) = measure(codebook, discrepancy, start: chosen)
            stepsWithoutGain += 1
            if value < best.value {
                if value < 0.999 * best.value { stepsWithoutGain = 0 }
                best = (values, value)
            }
            optimizer.step(&values, gradient: gradient)
        }
        return best
    }

    /// What brings a codebook's values to a standard deviation of 1/√dimension; 1 where they are all equal.
    private static func scale(of base: Codebook) -> Float {
        let count = Double(base.codewords.count)
        let mean = base.codewords.reduce(0) { $0 + Double($1) } / count
        let square = base.codewords.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
        let scale = Float(1 / (square * Double(base.dimension)).squareRoot())
        return scale.isFinite && scale > 0 ? scale : 1
    }

    /// A number from the standard normal distribution (Box and Muller).
    private static func normal(_ generator: inout SeededGenerator) -> Float {
        let radius = (-2 * log(1 - generator.nextUnit())).squareRoot()
        return Float(radius * cos(2 * Double.pi * generator.nextUnit()))
    }
}
