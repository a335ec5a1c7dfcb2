import EntropyCoding
import Quantization
import Testing
import TestSupport

/// Rungs that weigh the bits of codes against their error.
@Suite struct RateWeightTests {
    private static let lambdas: [Float] = [0, 0.01, 0.3, 4]

    /// One rung for each weight of rate, over stages of the given sizes.
    private static func quantizer(
        sizes: [Int], dimension: Int, beamWidth: Int, using generator: inout SeededGenerator
    ) -> ResidualQuantizer {
        let shape = FrameShape(tokenDimension: dimension)
        let plain = Fixture.quantizer(
            shape: shape, sizes: sizes, beamWidth: beamWidth, using: &generator)
        let rungs = lambdas.map { Rung(sizes: sizes, lambda: $0, codedBitsPerFrame: 1, mse: 1) }
        let tables = rungs.map { _ in
            sizes.map { size in
                FrequencyTable(counts: (0..<size).map { _ in UInt64.random(in: 0...99, using: &generator) })
            }
        }
        return ResidualQuantizer(
            shape: shape, stages: plain.stages, ladder: Ladder(rungs: rungs), tables: tables,
            beamWidth: beamWidth)
    }

    private static func codes(_ quantizer: ResidualQuantizer, _ frame: [Float], rung: Int) -> (
        codes: [Int], squaredError: Double
    ) {
        var codes = [UInt16](repeating: .max, count: quantizer.symbolsPerFrame(rung: rung))
        var scratch = quantizer.makeScratch()
        var room = codes.mutableSpan
        let squaredError = quantizer.encode(frame.span, rung: rung, into: &room, scratch: &scratch)
        return (codes.map(Int.init), squaredError)
    }

    private static func bits(_ quantizer: ResidualQuantizer, _ codes: [Int], rung: Int) -> Double {
        zip(codes, quantizer.tables[rung][0]).reduce(0) { $0 + $1.1.idealBits($1.0) }
    }

    /// With one stage, and with a beam that holds every path, nothing is left to chance.
    /// Six values are searched by residuals, thirty by products.
    @Test(arguments: [([37], 6, 5), ([2, 2, 2, 2, 2], 6, 32), ([2, 2, 2, 2, 2], 30, 32)])
    func theSumOfErrorAndWeightedBitsIsLeast(sizes: [Int], dimension: Int, beamWidth: Int) {
        for seed in UInt64(0)..<30 {
            var generator = SeededGenerator(seed: seed)
            let quantizer = Self.quantizer(
                sizes: sizes, dimension: dimension, beamWidth: beamWidth, using: &generator)
            let frame = generator.values(dimension)
            for (rung, lambda) in Self.lambdas.enumerated() {
                let found = Self.codes(quantizer, frame, rung: rung)
                let cost =
                    found.squaredError + Double(lambda) * Self.bits(quantizer, found.codes, rung: rung)
                var paths: [[Int]] = [[]]
                for size in sizes { paths = paths.flatMap { path in (0..<size).map { path + [$0] } } }
                let least =
                    paths.map { path in
                        let sum = (0..<dimension).map { index in
                            zip(path, quantizer.stages).reduce(0.0) { sum, chosen in
                                sum + Double(chosen.1.base.codewords[chosen.0 * dimension + index])
                            }
                        }
                        let error = zip(frame, sum).reduce(0.0) { sum, pair in
                            sum + (Double(pair.0) - pair.1) * (Double(pair.0) - pair.1)
                        }
                        return error + Double(lambda) * Self.bits(quantizer, path, rung: rung)
                    }.min() ?? 0
                #expect(abs(cost - least) < 1e-3 * (1 + Double(lambda)), "seed \(seed), lambda \(lambda)")
            }
        }
    }

    /// The more rate weighs, the fewer bits and the more error: true of every single frame where the search is exact.
    @Test func moreWeightIsFewerBitsAndMoreError() {
        for seed in UInt64(0)..<50 {
            var generator = SeededGenerator(seed: seed)
            let quantizer = Self.quantizer(sizes: [61], dimension: 6, beamWidth: 1, using: &generator)
            let same = ResidualQuantizer(
                shape: quantizer.shape, stages: quantizer.stages, ladder: quantizer.ladder,
                tables: Self.lambdas.map { _ in quantizer.tables[0][0] })
            let frame = generator.values(6)
            let found = Self.lambdas.indices.map { Self.codes(same, frame, rung: $0) }
            for (less, more) in zip(found, found.dropFirst()) {
                let fewer = Self.bits(same, more.codes, rung: 0)
                #expect(fewer <= Self.bits(same, less.codes, rung: 0) + 1 / 1024, "seed \(seed)")
                #expect(more.squaredError >= less.squaredError - 1e-5, "seed \(seed)")
            }
        }
    }
}
