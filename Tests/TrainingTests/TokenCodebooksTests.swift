import Bundles
import Quantization
import Testing
import Training

@Suite struct TokenCodebooksTests {
    /// Frames of four tokens of four values.
    private enum Kind: CaseIterable {
        /// Sensors of different kind: each token near few places that no other token is near.
        case sensors
        /// Cells of a picture: all tokens of one distribution.
        case cells
        /// Few different values: any codebook leaves no error.
        case letters
    }

    private static let shape = FrameShape(tokens: 4, tokenDimension: 4)

    private static func frames(_ kind: Kind, count: Int = 600, seed: UInt64 = 1) throws -> FrameSet {
        var generator = SeededGenerator(seed: seed)
        // Places of the sensors' tokens: 16 each, anywhere.
        var places = SeededGenerator(seed: 77)
        let centres = (0..<4 * 16 * 4).map { _ in Float.random(in: -4...4, using: &places) }
        let values = (0..<count).flatMap { _ in
            (0..<4).flatMap { token -> [Float] in
                let centre = Int.random(in: 0..<16, using: &generator)
                let first = (token * 16 + centre) * 4
                return (0..<4).map { index in
                    switch kind {
                    case .sensors: centres[first + index] + Float.random(in: -0.5...0.5, using: &generator)
                    case .cells: Float.random(in: -4...4, using: &generator)
                    case .letters: Float(centre % 4)
                    }
                }
            }
        }
        return try FrameSet(shape: shape, values: values)
    }

    private static func bundle(
        _ frames: FrameSet, _ codebooks: TokenCodebooks, threads: Int = 2
    ) throws -> Bundle {
        var trainer = BundleTrainer()
        trainer.tokenCodebooks = codebooks
        trainer.base = 16
        trainer.stages = 2
        trainer.workers = Workers(count: threads)
        return try trainer.train(frames).bundle
    }

    private static func groups(_ bundle: Bundle) -> Int { bundle.codec.residual.groups.count }

    @Test(arguments: [(TokenCodebooks.shared, 1), (.own, 4)])
    func makesTheGroupsThatAreAskedFor(codebooks: TokenCodebooks, count: Int) throws {
        let bundle = try Self.bundle(Self.frames(.cells), codebooks)
        #expect(Self.groups(bundle) == count)
        #expect(bundle.statistics?.count == count)
        #expect(bundle.codec.tables.allSatisfy { $0.count == count })
        #expect(try Bundle(parsing: bundle.serialized()).identity == bundle.identity)
    }

    @Test(arguments: [(Kind.sensors, 4), (.cells, 1), (.letters, 1)])
    private func choosesByHeldOutFrames(kind: Kind, count: Int) throws {
        let frames = try Self.frames(kind)
        let bundle = try Self.bundle(frames, .automatic)
        #expect(Self.groups(bundle) == count)
        // It is the bundle of the way that was chosen.
        let chosen = try Self.bundle(frames, count == 1 ? .shared : .own)
        #expect(bundle.identity == chosen.identity)
    }

    @Test func ownCodebooksOfSensorsLeaveLessError() throws {
        let frames = try Self.frames(.sensors)
        let test = try Self.frames(.sensors, count: 200, seed: 2)
        let errors = try [TokenCodebooks.own, .shared].map { codebooks in
            let codec = try Self.bundle(frames, codebooks).codec
            var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: test.count)
            encoder.quantize(test.values.span, count: test.count, rung: codec.ladder.rungs.count - 1)
            return encoder.mse
        }
        #expect(errors[0] < 0.8 * errors[1])
    }

    @Test func ownCodebooksNeedAFrameForEachCodeword() throws {
        let few = try Self.frames(.sensors, count: 15)
        #expect(throws: TrainingError.tooFewVectors(vectors: 15, codewords: 16)) {
            try Self.bundle(few, .own)
        }
        #expect(Self.groups(try Self.bundle(few, .shared)) == 1)
        // Four fifths of the frames are too few to try it.
        #expect(Self.groups(try Self.bundle(Self.frames(.sensors, count: 19), .automatic)) == 1)
    }

    @Test(arguments: TokenCodebooks.allCases) func threadsDoNotChangeTheBytes(codebooks: TokenCodebooks)
        throws
    {
        let frames = try Self.frames(.sensors)
        #expect(
            try Self.bundle(frames, codebooks, threads: 1).serialized()
                == Self.bundle(frames, codebooks, threads: 2).serialized())
    }

    @Test func refusesMoreTokensThanABundleHoldsTablesFor() throws {
        var trainer = BundleTrainer()
        trainer.base = 2
        trainer.stages = 8
        trainer.tokenCodebooks = .own
        let frames = try FrameSet(
            shape: FrameShape(tokens: 600, tokenDimension: 1), values: (0..<2_400).map { Float($0 % 7) })
        #expect(throws: TrainingError.tooManyOwnTokens(tokens: 600, stages: 8)) { try trainer.train(frames) }
    }
}
