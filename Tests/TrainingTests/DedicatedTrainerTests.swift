import Bundles
import Quantization
import Testing
import Training

@Suite struct DedicatedTrainerTests {
    @Test(arguments: [TokenCodebooks.shared, .own])
    func trainsOnWhatEachRungsOwnStagesLeave(codebooks: TokenCodebooks) throws {
        var mixture = Mixture(seed: 5)
        let frames = try mixture.frames(2_000, tokens: 2)
        var trainer = BundleTrainer()
        trainer.base = 32
        trainer.stages = 2
        trainer.beamWidth = 1
        trainer.tokenCodebooks = codebooks
        trainer.rungs = .listed([[4], [4, 32], [32, 32], [32, 8]])
        let codec = try trainer.train(frames).bundle.codec
        let groups = codec.residual.groups
        let rungs = Set(codec.ladder.rungs.map(\.sizes))
        let dedicated = try DedicatedTrainer().codebooks(for: rungs, of: codec, on: frames)
        #expect(Set(dedicated.keys) == rungs)
        for (sizes, codebooks) in dedicated {
            #expect(codebooks.map(\.size) == Array(repeating: sizes[sizes.count - 1], count: groups.count))
        }
        // The slow way: the first stage's nearest codeword is subtracted, and k-means runs on what is left.
        var normalized = frames.values
        codec.normalization.normalize(frames.values.span, into: &normalized)
        let dimension = codec.shape.tokenDimension
        for first in [4, 32] {
            for (group, stages) in groups.enumerated() {
                let codebook = try #require(stages[0].codebook(size: first))
                let tokens = stride(from: 0, to: normalized.count, by: dimension)
                    .filter { groups.count == 1 || $0 / dimension % groups.count == group }
                let left = tokens.flatMap { start in
                    let token = Array(normalized[start..<start + dimension])
                    let nearest = (0..<first).map { Array(codebook[$0]) }
                        .min { distance(token, $0) < distance(token, $1) }
                    return zip(token, nearest ?? []).map { $0 - $1 }
                }
                let expected = try KMeans(size: 32, seed: 2).train(left, dimension: dimension).codebook
                let found = try #require(dedicated[[first, 32]]?[group])
                #expect(distortion(left, found) < 1.05 * distortion(left, expected))
            }
        }
    }

    @Test func refusesFramesOfAnotherShape() throws {
        var mixture = Mixture(seed: 5)
        let codec = try BundleTrainerTests.bundle().codec
        let frames = try mixture.frames(100, tokens: 2)
        #expect(throws: TrainingError.otherShape(frames: "2×8", bundle: "1×16")) {
            try DedicatedTrainer().codebooks(for: [[32]], of: codec, on: frames)
        }
    }

    private func distance(_ first: [Float], _ second: [Float]) -> Float {
        zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}
