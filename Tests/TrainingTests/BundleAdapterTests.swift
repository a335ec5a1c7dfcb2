import Bundles
import Quantization
import Testing
import Training

@Suite struct BundleAdapterTests {
    @Test func estimatesRungsFromStatistics() throws {
        let bundle = try BundleTrainerTests.bundle()
        var adapter = BundleAdapter(method: .dkm)
        adapter.sizes = [3, 6, 12, 24]
        let adapted = try adapter.adapt(bundle)
        for stage in adapted.codec.residual.stages {
            #expect(stage.adapted.keys.sorted() == [3, 6, 12, 24])
        }
        var mixture = Mixture(seed: 3)
        let frames = try mixture.frames(3_000)
        var encoder = FrameEncoder(codec: adapted.codec, maximumFramesPerBlock: frames.count)
        let rungs = adapted.codec.ladder.rungs
        #expect(rungs.contains { $0.sizes.last != 32 })
        for (index, rung) in rungs.enumerated() {
            encoder.quantize(frames.values.span, count: frames.count, rung: index)
            #expect(abs(encoder.mse / rung.mse - 1) < 0.2, "\(rung)")
            let bits = Double(encoder.code().byteCount * 8) / Double(frames.count)
            // The estimated tables take each base codeword's frames together, so that they fit less well.
            #expect(abs(bits / rung.codedBitsPerFrame - 1) < 0.3, "\(rung)")
        }
    }

    @Test func adaptingAgainGivesTheSame() throws {
        let bundle = try BundleTrainerTests.bundle()
        let adapted = try BundleAdapter(method: .dkm).adapt(bundle).codec.residual.stages
        for (before, after) in zip(bundle.codec.residual.stages, adapted) {
            #expect(before.base == after.base)
            for (size, codebook) in before.adapted { #expect(after.adapted[size] == codebook) }
        }
    }

    /// The base codewords are no means of what they stand for, so that other codewords may be nearer.
    @Test func takesMeansThatAreFarFromTheCodewords() throws {
        let bundle = try BundleTrainerTests.bundle()
        let statistics = try #require(bundle.statistics).map { stages in
            stages.map { stage in
                StageStatistics(
                    counts: Array(
                        repeating: (1 << 53) / UInt64(stage.counts.count), count: stage.counts.count),
                    means: Array(repeating: 3, count: stage.means.count))
            }
        }
        let odd = Bundle(codec: bundle.codec, statistics: statistics, provenance: bundle.provenance)
        let adapted = try BundleAdapter(method: .dkm).adapt(odd)
        #expect(try Bundle(parsing: adapted.serialized()).identity == adapted.identity)
    }

    @Test func refusesWhatItCannotDo() throws {
        let bundle = try BundleTrainerTests.bundle()
        let bare = Bundle(codec: bundle.codec, statistics: nil, provenance: bundle.provenance)
        #expect(throws: TrainingError.noStatistics) { try BundleAdapter(method: .dkm).adapt(bare) }
        #expect(throws: TrainingError.framesNeeded(method: "kmeans")) {
            try BundleAdapter(method: .kmeans).adapt(bundle)
        }
        for (size, allowed) in [(1, "2...31"), (32, "2...31"), (64, "2...31")] {
            var adapter = BundleAdapter(method: .ward)
            adapter.sizes = [size]
            let error = TrainingError.sizeNotAllowed(size: size, base: 32, method: "ward", allowed: allowed)
            #expect(throws: error) { try adapter.adapt(bundle) }
        }
        var values = Array(repeating: Float(0), count: 64 * 16)
        values[40 * 16 + 3] = -1e30
        let far = try FrameSet(shape: FrameShape(tokenDimension: 16), values: values)
        for method in [AdaptationMethod.dkm, .kmeans] {
            #expect(throws: TrainingError.outOfRange(frame: 40)) {
                try BundleAdapter(method: method).adapt(bundle, frames: far)
            }
        }
        var mixture = Mixture(dimension: 8, seed: 1)
        let other = try mixture.frames(100)
        #expect(throws: TrainingError.otherShape(frames: "1×8", bundle: "1×16")) {
            try BundleAdapter(method: .dkm).adapt(bundle, frames: other)
        }
    }
}
