import Quantization
import Testing
import TestSupport

/// Shapes, sizes and beams to compare with the reference.
struct SearchCase: Sendable, CustomTestStringConvertible {
    let shape: FrameShape
    let sizes: [Int]
    let beamWidth: Int
    var testDescription: String { "\(shape), sizes \(sizes), beam \(beamWidth)" }

    init(_ tokens: Int, _ tokenDimension: Int, sizes: [Int], beam: Int) {
        shape = FrameShape(tokens: tokens, tokenDimension: tokenDimension)
        self.sizes = sizes
        beamWidth = beam
    }

    static let all = [
        SearchCase(1, 1, sizes: [2], beam: 5), SearchCase(3, 1, sizes: [2, 2, 2, 2, 2, 2, 2], beam: 5),
        SearchCase(1, 24, sizes: [256], beam: 5), SearchCase(1, 16, sizes: [64, 64, 64, 64], beam: 5),
        SearchCase(7, 5, sizes: [33, 17, 9], beam: 1), SearchCase(2, 12, sizes: [100, 2, 40], beam: 32),
        SearchCase(1, 64, sizes: [32, 16, 8, 4, 2, 2, 3, 5], beam: 7),
        SearchCase(1, 300, sizes: [20, 20], beam: 3),
        SearchCase(4, 4, sizes: Array(repeating: 8, count: 16), beam: 5),
        SearchCase(2, 24, sizes: Array(repeating: 20, count: 16), beam: 32),
        SearchCase(1, 23, sizes: [50, 50, 50], beam: 5), SearchCase(1, 24, sizes: [50, 50, 50], beam: 1),
        SearchCase(3, 40, sizes: [1, 16, 1, 300, 33], beam: 2),
    ]
}

@Suite struct ResidualQuantizerTests {
    /// Codes of frames, found all at once.
    private func codes(_ quantizer: ResidualQuantizer, _ frames: [Float], rung: Int = 0) -> (
        codes: [UInt16], squaredError: Double
    ) {
        let count = frames.count / quantizer.shape.dimension
        var codes = [UInt16](repeating: .max, count: count * quantizer.symbolsPerFrame(rung: rung))
        var scratch = quantizer.makeScratch()
        var room = codes.mutableSpan
        let squaredError = quantizer.encode(frames.span, rung: rung, into: &room, scratch: &scratch)
        return (codes, squaredError)
    }

    @Test(arguments: SearchCase.all, [false, true])
    func searchEqualsTheReference(_ search: SearchCase, grid: Bool) {
        for seed in UInt64(0)..<4 {
            var generator = SeededGenerator(seed: seed)
            let quantizer = Fixture.quantizer(
                shape: search.shape, sizes: search.sizes, beamWidth: search.beamWidth, grid: grid,
                using: &generator)
            let frames = generator.values(9 * search.shape.dimension, grid: grid)
            let reference = ReferenceQuantizer(
                codebooks: quantizer.stages.map(\.base), beamWidth: search.beamWidth)
            let dimension = search.shape.tokenDimension
            let expected = reference.encode(
                tokens: (0..<frames.count / dimension).map { token in
                    Array(frames[token * dimension..<(token + 1) * dimension])
                })
            #expect(codes(quantizer, frames).codes == expected, "seed \(seed)")
        }
    }

    /// Tables of 4096² products are too large.
    @Test func largeCodebooksAreSearchedWithoutTables() {
        var generator = SeededGenerator(seed: 8)
        let quantizer = Fixture.quantizer(
            shape: FrameShape(tokenDimension: 24), sizes: [4096, 4096], beamWidth: 2, using: &generator)
        let frame = generator.values(24)
        let reference = ReferenceQuantizer(codebooks: quantizer.stages.map(\.base), beamWidth: 2)
        #expect(codes(quantizer, frame).codes == reference.encode(tokens: [frame]))
    }

    /// Products that have no unit: all zero, too small and too large.
    @Test(arguments: [Float(0), 1e-30, 1e30])
    func codewordsOfAnySizeAreSearched(scale: Float) {
        var generator = SeededGenerator(seed: 9)
        let shape = FrameShape(tokenDimension: 32)
        let stages = (0..<3).map { _ in
            ResidualStage(
                base: Fixture.codebook(size: 9, dimension: 32, scale: scale, using: &generator))
        }
        let ladder = Ladder(rungs: [Rung(sizes: [9, 9, 9], codedBitsPerFrame: 1, mse: 1)])
        let quantizer = ResidualQuantizer(shape: shape, stages: stages, ladder: ladder)
        let frames = generator.values(4 * 32).map { $0 * scale }
        #expect(codes(quantizer, frames).codes.allSatisfy { $0 < 9 })
    }

    @Test(arguments: [20, 32]) func batchesDoNotChangeTheCodes(dimension: Int) {
        var generator = SeededGenerator(seed: 10)
        let quantizer = Fixture.quantizer(
            shape: FrameShape(tokenDimension: dimension), sizes: [40, 40, 40, 40], using: &generator)
        let frames = generator.values(70 * dimension)
        let together = codes(quantizer, frames).codes
        let oneByOne = (0..<70).flatMap { frame in
            codes(quantizer, Array(frames[frame * dimension..<(frame + 1) * dimension])).codes
        }
        #expect(together == oneByOne)
    }

    /// A rung with a smaller last stage shares tables with the others, whose unit must then fit both.
    @Test func rungsShareTablesOfTheirCodebooks() {
        let codec = Fixture.codec(shape: FrameShape(tokenDimension: 48))
        let quantizer = codec.residual
        var generator = SeededGenerator(seed: 12)
        let frames = generator.values(30 * 48)
        for (rung, sizes) in quantizer.ladder.rungs.map(\.sizes).enumerated() {
            let codebooks = zip(quantizer.stages, sizes).compactMap { $0.codebook(size: $1) }
            let expected = ReferenceQuantizer(codebooks: codebooks, beamWidth: 5).encode(
                tokens: (0..<30).map { Array(frames[$0 * 48..<($0 + 1) * 48]) })
            var codes = [UInt16](repeating: .max, count: 30 * sizes.count)
            var scratch = quantizer.makeScratch()
            var room = codes.mutableSpan
            quantizer.encode(frames.span, rung: rung, into: &room, scratch: &scratch)
            #expect(codes == expected, "rung \(rung)")
        }
    }

    /// Five stages of two codewords have 32 paths: the widest beam holds them all.
    @Test func widestBeamFindsTheBestPathOfAll() {
        for seed in UInt64(0)..<50 {
            var generator = SeededGenerator(seed: seed)
            let shape = FrameShape(tokenDimension: 6)
            let quantizer = Fixture.quantizer(
                shape: shape, sizes: [2, 2, 2, 2, 2], beamWidth: 32, using: &generator)
            let frame = generator.values(6)
            let least = ReferenceQuantizer(codebooks: quantizer.stages.map(\.base), beamWidth: 32)
                .leastSquaredError(frame)
            let found = codes(quantizer, frame).squaredError
            #expect(abs(found - least) <= 1e-5 * max(1, least), "seed \(seed): \(found), least is \(least)")
        }
    }

    /// A codeword far out, from a broken frame say, that no frame uses: products would have to be rounded to its measure.
    @Test(arguments: [1, 30, 1_000, 1e6] as [Float]) func anOutlierSpoilsNothing(factor: Float) {
        var generator = SeededGenerator(seed: 21)
        let plain = Fixture.quantizer(
            shape: FrameShape(tokenDimension: 32), sizes: [32, 32, 32, 32, 32, 32], using: &generator)
        let frames = generator.values(100 * 32)
        let first = plain.stages[0].base
        let outlier = Codebook(
            codewords: first.codewords[..<(31 * 32)] + first[31].map { $0 * factor }, size: 32, dimension: 32)
        let distorted = ResidualQuantizer(
            shape: plain.shape, stages: [ResidualStage(base: outlier)] + plain.stages.dropFirst(),
            ladder: plain.ladder)
        let least = codes(plain, frames).squaredError
        let found = codes(distorted, frames).squaredError
        // One codeword less is worth about 2 %.
        #expect(found < 1.05 * least, "\(found), without the outlier \(least)")
    }

    @Test func scratchOfAnotherQuantizerTraps() async {
        await #expect(processExitsWith: .failure) {
            let small = Fixture.codec(shape: FrameShape(tokenDimension: 1)).residual
            let large = Fixture.codec(shape: FrameShape(tokenDimension: 8)).residual
            var scratch = small.makeScratch()
            var codes = [UInt16](repeating: 0, count: 4)
            var room = codes.mutableSpan
            large.encode([1, 2, 3, 4, 5, 6, 7, 8].span, rung: 0, into: &room, scratch: &scratch)
        }
    }

    /// Tokens with codebooks of their own are quantized as if each were a stream of its own: by residuals, and, from 24
    /// values on, by products.
    @Test(arguments: [5, 30]) func tokenGroupsAreQuantizedApart(dimension: Int) {
        let shape = FrameShape(tokens: 3, tokenDimension: dimension)
        let quantizer = Fixture.codec(shape: shape, tokenGroups: 3).residual
        var generator = SeededGenerator(seed: 11)
        let frames = generator.values(7 * shape.dimension)
        for rung in quantizer.ladder.rungs.indices {
            let symbols = quantizer.symbolsPerToken(rung: rung)
            let found = codes(quantizer, frames, rung: rung)
            var squaredError = 0.0
            for token in 0..<shape.tokens {
                let alone = ResidualQuantizer(
                    shape: FrameShape(tokenDimension: dimension), stages: quantizer.groups[token],
                    ladder: quantizer.ladder, tables: quantizer.tables.map { $0[token] })
                let vectors = (0..<7).flatMap { frame in
                    let start = (frame * 3 + token) * dimension
                    return frames[start..<start + dimension]
                }
                let expected = codes(alone, vectors, rung: rung)
                squaredError += expected.squaredError
                for frame in 0..<7 {
                    let start = (frame * 3 + token) * symbols
                    let codes = found.codes[start..<start + symbols]
                    let codesAlone = expected.codes[frame * symbols..<(frame + 1) * symbols]
                    #expect(codes == codesAlone, "rung \(rung), token \(token), frame \(frame)")
                }
            }
            #expect(abs(found.squaredError - squaredError) <= 1e-9 * squaredError)
        }
    }

    @Test func squaredErrorIsThatOfTheDecodedFrames() {
        for seed in UInt64(0)..<20 {
            var generator = SeededGenerator(seed: seed)
            let quantizer = Fixture.quantizer(
                shape: FrameShape(tokens: 3, tokenDimension: 10), sizes: [40, 30, 20], using: &generator)
            let frames = generator.values(5 * 30)
            let (codes, squaredError) = codes(quantizer, frames)
            var decoded = [Float](repeating: .nan, count: frames.count)
            var room = decoded.mutableSpan
            quantizer.decode(codes.span, rung: 0, into: &room)
            let expected = zip(frames, decoded).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
            #expect(abs(squaredError - expected) < 1e-4 * expected, "seed \(seed)")
        }
    }

    @Test func decodingAddsCodewordsInStageOrder() {
        var generator = SeededGenerator(seed: 1)
        let quantizer = Fixture.quantizer(
            shape: FrameShape(tokens: 2, tokenDimension: 3), sizes: [4, 5, 6], using: &generator)
        let codes: [UInt16] = [3, 0, 5, 1, 4, 2]
        var decoded = [Float](repeating: .nan, count: 6)
        var room = decoded.mutableSpan
        quantizer.decode(codes.span, rung: 0, into: &room)
        let expected = (0..<6).map { index in
            (0..<3).reduce(Float(0)) { sum, stage in
                let codeword = Int(codes[index / 3 * 3 + stage])
                return sum + quantizer.stages[stage].base.codewords[codeword * 3 + index % 3]
            }
        }
        #expect(decoded == expected)
    }

    @Test func rungsUseTheirStagesAndSizes() {
        let codec = Fixture.codec(shape: FrameShape(tokens: 2, tokenDimension: 4))
        #expect(codec.quantizer.alphabets(rung: 2) == [64, 7])
        #expect(codec.quantizer.symbolsPerFrame(rung: 7) == 8)
        let quantizer = codec.residual
        let codes: [UInt16] = [63, 6, 0, 1]
        var decoded = [Float](repeating: .nan, count: 8)
        var room = decoded.mutableSpan
        quantizer.decode(codes.span, rung: 2, into: &room)
        let small = quantizer.stages[1].adapted[7]
        #expect(small != nil)
        let expected = zip(quantizer.stages[0].base[63], small?[6] ?? []).map { Float(0) + $0 + $1 }
        #expect(Array(decoded[..<4]) == expected)
    }

    @Test func framesThatAreNotFiniteGiveSomeCodes() {
        var generator = SeededGenerator(seed: 2)
        let quantizer = Fixture.quantizer(
            shape: FrameShape(tokenDimension: 8), sizes: [20, 20, 20], using: &generator)
        for value in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
            for position in 0..<8 {
                var frame = generator.values(8)
                frame[position] = value
                #expect(codes(quantizer, frame).codes.allSatisfy { $0 < 20 })
            }
        }
    }

    @Test func packedCodebookFindsNearestOfMany() {
        var generator = SeededGenerator(seed: 4)
        let codebook = Fixture.codebook(size: 50, dimension: 7, using: &generator)
        let vectors = generator.values(100 * 7)
        var indices = [UInt16](repeating: .max, count: 100)
        var scores = [Float](repeating: .nan, count: 100)
        var indexRoom = indices.mutableSpan
        var scoreRoom = scores.mutableSpan
        PackedCodebook(codebook).findNearest(vectors.span, indices: &indexRoom, scores: &scoreRoom)
        let reference = ReferenceQuantizer(codebooks: [codebook], beamWidth: 1)
        let expected = reference.encode(
            tokens: (0..<100).map { vector in Array(vectors[vector * 7..<vector * 7 + 7]) })
        #expect(indices == expected)
        for vector in 0..<100 {
            let values = vectors[vector * 7..<vector * 7 + 7]
            let distance = zip(values, codebook[Int(indices[vector])]).reduce(Float(0)) {
                $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
            }
            let norm = values.reduce(Float(0)) { $0 + $1 * $1 }
            #expect(abs(norm + 2 * scores[vector] - distance) < 1e-5)
        }
    }
}
