import EntropyCoding
import Quantization
import Testing

@Suite struct PreconditionTests {
    @Test func shapesFromOutsideAreChecked() {
        #expect(FrameShape.isValid(tokens: 1, tokenDimension: 1))
        #expect(FrameShape.isValid(tokens: 256, tokenDimension: 256))
        #expect(!FrameShape.isValid(tokens: 257, tokenDimension: 4096))
        #expect(!FrameShape.isValid(tokens: 0, tokenDimension: 4))
        #expect(!FrameShape.isValid(tokens: -2, tokenDimension: -3))
        #expect(!FrameShape.isValid(tokens: .max, tokenDimension: .max))
    }

    @Test func laddersFromOutsideAreChecked() {
        let rung = Rung(sizes: [2], codedBitsPerFrame: 1, mse: 1)
        let dearer = Rung(sizes: [4], codedBitsPerFrame: 2, mse: 0)
        #expect(Ladder.isValid([rung, dearer]))
        #expect(!Ladder.isValid([]))
        #expect(!Ladder.isValid([dearer, rung]))
        #expect(Ladder.isValid(Array(repeating: rung, count: 32)))
        #expect(!Ladder.isValid(Array(repeating: rung, count: 33)))
        #expect(!Ladder.isValid([Rung(sizes: [2], codedBitsPerFrame: .nan, mse: 1)]))
        #expect(!Ladder.isValid([Rung(sizes: [2], codedBitsPerFrame: 1, mse: .infinity)]))
    }

    @Test func rungsFromOutsideAreChecked() {
        let stages = Fixture.codec(shape: FrameShape(tokenDimension: 2)).residual.stages
        func canUse(_ sizes: [Int]) -> Bool {
            ResidualQuantizer.canUse(Rung(sizes: sizes, codedBitsPerFrame: 1, mse: 1), stages: stages)
        }
        #expect(canUse([64, 64, 64, 7]))
        #expect(!canUse([64, 8]))
        #expect(!canUse([64, 64, 64, 64, 64]))
    }

    @Test func nominalBitsAreLogarithmsOfSizes() {
        #expect(Rung(sizes: [256, 256, 16], codedBitsPerFrame: 0, mse: 0).nominalBits(tokens: 3) == 60)
    }

    @Test func codebookOfTheWrongCountTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Codebook(codewords: [1, 2, 3], size: 2, dimension: 2)
        }
        await #expect(processExitsWith: .failure) {
            _ = Codebook(codewords: [], size: 0, dimension: 2)
        }
    }

    @Test func normalizationWithoutPositiveScaleTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Normalization(mean: [0], scale: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = Normalization(mean: [.nan], scale: 1)
        }
    }

    @Test func missingCodebookTraps() async {
        await #expect(processExitsWith: .failure) {
            let stage = ResidualStage(base: Codebook(codewords: [1, 2], size: 2, dimension: 1))
            let ladder = Ladder(rungs: [Rung(sizes: [3], codedBitsPerFrame: 1, mse: 1)])
            _ = ResidualQuantizer(shape: FrameShape(tokenDimension: 1), stages: [stage], ladder: ladder)
        }
    }

    @Test func tableOfAnotherSizeTraps() async {
        await #expect(processExitsWith: .failure) {
            let quantizer = Fixture.codec(shape: FrameShape(tokenDimension: 1)).residual
            let tables = quantizer.ladder.rungs.map {
                [$0.sizes.map { FrequencyTable(counts: Array(1...UInt64($0 + 1))) }]
            }
            _ = ResidualQuantizer(
                shape: quantizer.shape, groups: quantizer.groups, ladder: quantizer.ladder, tables: tables)
        }
    }

    @Test func groupsThatAreNoTokensTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = Fixture.codec(shape: FrameShape(tokens: 3, tokenDimension: 1), tokenGroups: 2)
        }
    }

    @Test func codeOutsideItsCodebookTraps() async {
        await #expect(processExitsWith: .failure) {
            let quantizer = Fixture.codec(shape: FrameShape(tokenDimension: 1)).residual
            let codes: [UInt16] = [7]
            var values: [Float] = [0]
            var room = values.mutableSpan
            quantizer.decode(codes.span, rung: 0, into: &room)
        }
    }

    @Test func tooManyFramesTrap() async {
        await #expect(processExitsWith: .failure) {
            let codec = Fixture.codec(shape: FrameShape(tokenDimension: 1))
            var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: 1)
            encoder.quantize([1, 2].span, count: 2, rung: 0)
        }
    }

    @Test func roomForOtherFramesTraps() async {
        await #expect(processExitsWith: .failure) {
            let codec = Fixture.codec(shape: FrameShape(tokenDimension: 1))
            var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: 4)
            var frames: [Float] = [0]
            try decoder.decode([], coding: .tables, rung: 0, frameCount: 2, into: &frames)
        }
    }
}
