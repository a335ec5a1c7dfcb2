import Bundles
import Quantization
import Testing
import Training

@Suite struct BundleTrainerTests {
    /// A small bundle of 32 × 4 codewords.
    static func bundle(
        tokens: Int = 1, threads: Int = 2, method: AdaptationMethod = .dkm, rungs: RungList = .automatic
    ) throws -> Bundle {
        var mixture = Mixture(seed: 3)
        var trainer = BundleTrainer()
        trainer.base = 32
        trainer.stages = 4
        trainer.rungs = rungs
        trainer.method = method
        trainer.workers = Workers(count: threads)
        return try trainer.train(mixture.frames(3_000, tokens: tokens)).bundle
    }

    @Test(arguments: [1, 4]) func threadsDoNotChangeTheBytes(tokens: Int) throws {
        let first = try Self.bundle(tokens: tokens, threads: 1).serialized()
        #expect(try Self.bundle(tokens: tokens, threads: 2).serialized() == first)
        #expect(try Self.bundle(tokens: tokens, threads: 3).serialized() == first)
    }

    @Test(arguments: [AdaptationMethod.dkm, .kmeans], [1, 2]) func errorFallsAlongTheLadder(
        method: AdaptationMethod, tokens: Int
    ) throws {
        let bundle = try Self.bundle(tokens: tokens, method: method)
        let rungs = bundle.codec.ladder.rungs
        #expect(rungs.count >= 5)
        for (cheaper, better) in zip(rungs, rungs.dropFirst()) {
            #expect(cheaper.codedBitsPerFrame < better.codedBitsPerFrame)
            #expect(cheaper.mse > better.mse)
        }
        #expect(rungs.last?.sizes == [32, 32, 32, 32])
        // Other frames of the same kind.
        var mixture = Mixture(seed: 3)
        _ = mixture.vectors(3_000)
        let test = try mixture.frames(1_000, tokens: tokens)
        let errors = rungs.indices.map { mse(bundle.codec, test, rung: $0) }
        for (cheaper, better) in zip(errors, errors.dropFirst()) { #expect(cheaper > better) }
        // The codewords are fitted to the few frames that the ladder was measured on.
        for (rung, error) in zip(rungs, errors) { #expect(abs(error / rung.mse - 1) < 0.25) }
    }

    @Test func makesTheRungsThatAreListed() throws {
        let bundle = try Self.bundle(rungs: .listed([[32, 32], [5], [32, 9]]))
        #expect(bundle.codec.ladder.rungs.map(\.sizes) == [[5], [32, 9], [32, 32]])
    }

    @Test func writesAndReadsBack() throws {
        let bundle = try Self.bundle()
        let read = try Bundle(parsing: bundle.serialized())
        #expect(read.identity == bundle.identity)
        #expect(read.statistics == bundle.statistics)
        #expect(read.codec.ladder == bundle.codec.ladder)
    }

    private static let degenerate: [String: [Float]] = [
        "constant": values { _ in 4 },
        "one constant dimension": values { index in index % 2 == 0 ? 1 : Float(index * index % 97) },
        "two values": values { index in Float(index / 2 % 2) },
        "huge values": values { index in 1e17 * Float(index % 13) },
        "tiny values": values { index in 1e-15 * Float(index % 13) },
    ]

    private static func values(_ value: (Int) -> Float) -> [Float] { (0..<400).map(value) }

    @Test(arguments: degenerate.keys.sorted())
    func takesDegenerateFrames(name: String) throws {
        let values = try #require(Self.degenerate[name])
        var trainer = BundleTrainer()
        trainer.base = 16
        trainer.stages = 3
        let frames = try FrameSet(shape: FrameShape(tokenDimension: 2), values: values)
        let bundle = try trainer.train(frames).bundle
        #expect(bundle.codec.ladder.rungs.allSatisfy { $0.mse.isFinite }, "\(name)")
        #expect(try Bundle(parsing: bundle.serialized()).identity == bundle.identity, "\(name)")
    }

    @Test func refusesBadFrames() {
        let shape = FrameShape(tokenDimension: 2)
        #expect(throws: TrainingError.notFinite(frame: 1, dimension: 1)) {
            try FrameSet(shape: shape, values: [0, 1, 2, .nan])
        }
        #expect(throws: TrainingError.notFinite(frame: 0, dimension: 0)) {
            try FrameSet(shape: shape, values: [.infinity, 1])
        }
        #expect(throws: TrainingError.tooFewVectors(vectors: 1, codewords: 256)) {
            try BundleTrainer().train(FrameSet(shape: shape, values: [0, 1]))
        }
        #expect(throws: TrainingError.spreadOutOfRange) {
            try FrameSet(shape: shape, values: [-3e38, 3e38, 3e38, -3e38]).normalization()
        }
        #expect(throws: TrainingError.spreadOutOfRange) {
            try FrameSet(shape: shape, values: [2e38, 0, 2e38, 0]).normalization()
        }
    }

    private func mse(_ codec: FrameCodec, _ frames: FrameSet, rung: Int) -> Double {
        var encoder = FrameEncoder(codec: codec, maximumFramesPerBlock: frames.count)
        encoder.quantize(frames.values.span, count: frames.count, rung: rung)
        return encoder.mse
    }
}
