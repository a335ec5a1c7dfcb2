import EntropyCoding
import Quantization

extension ResidualTrainer {
    /// The numbers of stages whose codes the refinement looks at, beside all.
    private static let refinedPrefixes = [1, 2, 3, 4, 6, 8, 10, 12, 14, 16]

    /// A training rung of several stages weighs rate by this much of the slope of error over rate at its number of
    /// stages: about what a rung on the hull has that takes two thirds of its nominal bits.
    private static let rateWeight = 1.5

    /// Rounds over which the weight of rate grows from nothing to its full value.
    private static let roundsToFullWeight = 2

    /// Moves all codewords of all stages together towards the least error over a whole ladder of rungs.
    ///
    /// Each round encodes the vectors at each training rung (so many stages, so much weight of rate, with tables from the
    /// round before), then re-fits all codewords to the codes of all rungs by least squares. A rung's error counts in
    /// proportion, so that what falls is the mean of the rungs' errors in decibels: every number of stages stays good.
    ///
    /// - Parameter errors: Mean squared error of a vector after each stage, before.
    func refined(
        _ codebooks: [Codebook], errors: [Double], vectors: [Float], dimension: Int,
        progress: (Int) -> Void
    ) -> [Codebook] {
        var rungs = trainingRungs(errors: errors, vectors: vectors, dimension: dimension)
        var codebooks = codebooks
        let count = Double(vectors.count / dimension)
        // Errors near those of rounding do not count as even less.
        let least = max(1e-9 * vectors.reduce(0) { $0 + Double($1) * Double($1) }, 1e-30)
        let refit = JointRefit(workers: workers)
        for round in 0..<refinements {
            let share = min(1, Float(round) / Float(Self.roundsToFullWeight))
            let quantizer = ResidualQuantizer(
                shape: FrameShape(tokens: 1, tokenDimension: dimension),
                stages: codebooks.map { ResidualStage(base: $0) },
                ladder: Ladder(rungs: rungs.map { $0.rung(lambdaShare: share) }),
                tables: rungs.map(\.tables), beamWidth: beamWidth)
            var codings: [JointRefit.Coding] = []
            for index in rungs.indices {
                let coded = Self.encode(vectors, with: quantizer, rung: index, workers: workers)
                rungs[index].count(coded.codes)
                let weight = count / max(coded.squaredError, least)
                codings.append(
                    JointRefit.Coding(codes: coded.codes, stages: rungs[index].sizes.count, weight: weight))
            }
            // On average a coded vector counts as one, so that the refit's inertia is in vectors.
            let mean = codings.reduce(0) { $0 + $1.weight } / Double(codings.count)
            for index in codings.indices { codings[index].weight /= mean * Double(codings.count) }
            codebooks = refit.refit(codebooks, to: vectors, codings: codings)
            progress(round + 1)
        }
        return codebooks
    }

    private func trainingRungs(errors: [Double], vectors: [Float], dimension: Int) -> [TrainingRung] {
        let variance =
            vectors.reduce(0) { $0 + Double($1) * Double($1) } * Double(dimension) / Double(vectors.count)
        let bits = Rung(sizes: [size], codedBitsPerFrame: 0, mse: 0).nominalBits(tokens: 1)
        let slopes = RateSlope.slopes(
            errors: [variance] + errors, bits: Array(repeating: bits, count: errors.count))
        let prefixes = Set(Self.refinedPrefixes + [errors.count]).filter { $0 <= errors.count }.sorted()
        return prefixes.map { (stages: Int) -> TrainingRung in
            // One stage or two have none to spare.
            let lambda = weighsRate && stages > 2 ? Self.rateWeight * slopes[stages - 1] : 0
            return TrainingRung(sizes: Array(repeating: size, count: stages), lambda: Float(lambda))
        }
    }

    private static let vectorsPerTask = 1024

    private static func encode(
        _ vectors: [Float], with quantizer: ResidualQuantizer, rung: Int, workers: Workers
    ) -> (codes: [UInt16], squaredError: Double) {
        let dimension = quantizer.shape.dimension
        let parts = workers.map(ranges: vectors.count / dimension, of: vectorsPerTask) { range in
            var codes: [UInt16] = Array(
                repeating: 0, count: range.count * quantizer.symbolsPerFrame(rung: rung))
            var scratch = quantizer.makeScratch()
            var span = codes.mutableSpan
            let error = quantizer.encode(
                vectors.span.extracting(range.lowerBound * dimension..<range.upperBound * dimension),
                rung: rung,
                into: &span, scratch: &scratch)
            return (codes: codes, error: error)
        }
        return (parts.flatMap(\.codes), parts.reduce(0) { $0 + $1.error })
    }
}

/// A way to code the training vectors that the refinement makes better.
private struct TrainingRung {
    var sizes: [Int]
    var lambda: Float
    var tables: [FrequencyTable]

    init(sizes: [Int], lambda: Float) {
        self.sizes = sizes
        self.lambda = min(lambda, Rung.lambdas.upperBound)
        tables = sizes.map { FrequencyTable(counts: Array(repeating: 1, count: $0)) }
    }

    func rung(lambdaShare: Float) -> Rung {
        Rung(sizes: sizes, lambda: lambdaShare * lambda, codedBitsPerFrame: 0, mse: 0)
    }

    /// Makes the tables anew, from codes.
    mutating func count(_ codes: [UInt16]) {
        var counts: [[UInt64]] = sizes.map { Array(repeating: 0, count: $0) }
        for (index, code) in codes.enumerated() { counts[index % sizes.count][Int(code)] += 1 }
        tables = counts.map { FrequencyTable(counts: $0) }
    }
}
