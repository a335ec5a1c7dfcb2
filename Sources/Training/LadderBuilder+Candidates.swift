import Quantization

extension LadderBuilder {
    /// Weights of rate tried at each number of stages, as shares of the slope of error over rate there.
    private static let weights: [Double] = [0.5, 1, 1.7]

    /// Weights of rate tried with one stage, for the cheapest rungs, and with all stages, for the best.
    private static let cheapWeights: [Double] = [0.7, 1.5, 3, 6]
    private static let richWeights: [Double] = [0.12, 0.25, 0.5, 1, 1.7]

    /// The numbers of stages, beside all, that weights of rate are tried with.
    private static let weightedPrefixes = [1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16]

    /// How often tables and codes are made from each other before a rung with a weight of rate is measured.
    private static let settlingRounds = 3

    /// Tokens that this is done on.
    private static let settlingTokens = 4_096

    /// The rungs worth measuring that look at the error alone: every number of stages, the last one at any size.
    func candidates(
        _ groups: [[ResidualStage]], _ rungs: RungList
    ) throws(TrainingError) -> [MeasuredRung] {
        let stages = groups[0]
        let base = stages[0].base.size
        try rungs.validate(stages: stages.count, base: base)
        let sizes: [[Int]]
        switch rungs {
        case .listed(let listed):
            for sizes in listed {
                let rung = Rung(sizes: sizes, codedBitsPerFrame: 0, mse: 0)
                guard ResidualQuantizer.canUse(rung, stages: stages) else {
                    throw .rungNotAllowed(rung: RungList.text(sizes), stages: stages.count, base: base)
                }
            }
            sizes = Array(Set(listed)).sorted { $0.lexicographicallyPrecedes($1) }
        case .automatic:
            sizes = stages.indices.flatMap { last in
                let prefix = stages[..<last].map(\.base.size)
                return (stages[last].adapted.keys.sorted() + [stages[last].base.size]).map { prefix + [$0] }
            }
        }
        return sizes.map { MeasuredRung(sizes: $0, groups: groups.count) }
    }

    /// Candidates with a weight of rate, from the measured ones of base codebooks alone, whose tables they start with.
    ///
    /// A rung with more stages than its rate needs and a weight of rate spends its bits on the tokens that gain most by
    /// them; the weights are shares of what a bit takes off the error at that number of stages.
    func weighted(_ measured: [MeasuredRung], _ calibration: Calibration) -> [MeasuredRung] {
        let stages = calibration.groups[0]
        let plain = stages.indices.compactMap { last in
            measured.first { $0.sizes == stages[...last].map(\.base.size) }
        }
        let units = Double(calibration.shape.tokenDimension) / (calibration.scale * calibration.scale)
        let errors =
            [calibration.variance * Double(calibration.shape.tokenDimension)] + plain.map { $0.mse * units }
        let bits = plain.map { $0.bits / Double(calibration.shape.tokens) }
        let steps = zip(bits, [0] + bits).map { $0 - $1 }
        let slopes = RateSlope.slopes(errors: errors, bits: steps)
        return plain.enumerated().flatMap { last, rung -> [MeasuredRung] in
            let isAll = last == plain.count - 1
            guard isAll || Self.weightedPrefixes.contains(last + 1) else { return [] }
            let weights = last == 0 ? Self.cheapWeights : isAll ? Self.richWeights : Self.weights
            return weights.compactMap { weight in
                var candidate = rung
                candidate.lambda = min(Float(weight * slopes[last]), Rung.lambdas.upperBound)
                return candidate.lambda > 0 ? candidate : nil
            }
        }
    }

    /// Candidates measured with tables that fit the codes that they lead to.
    ///
    /// Tables decide about codes and codes about tables: a few rounds on some of the frames come near the fixed point. Tables
    /// from all frames follow, and what is measured last holds for exactly these.
    func settled(
        _ candidates: [MeasuredRung], _ calibration: Calibration, progress: (Double) -> Void
    ) -> [MeasuredRung] {
        let some = calibration.thinned(to: Self.settlingTokens)
        var rungs = candidates
        for round in 0..<Self.settlingRounds {
            rungs = some.measure(rungs)
            progress(Double(round + 1) / Double(Self.settlingRounds + 8))
        }
        rungs = calibration.measure(rungs)
        progress(Double(Self.settlingRounds + 4) / Double(Self.settlingRounds + 8))
        rungs = calibration.measure(rungs, keepingTables: true)
        progress(1)
        return rungs
    }
}
