import Bundles
import Quantization
import Testing
import Training

@Suite struct BundleImporterTests {
    @Test func estimatesTheErrorOfACodebookFarOut() throws {
        // Pairs 0.5 apart, a million away: the distances are those of the values, whatever rounding does to norms.
        let codewords = (0..<16).flatMap { [1e6 + Float($0 / 2) * 64, Float($0 % 2) / 2] as [Float] }
        let bundle = try BundleImporter().bundle(
            of: [Codebook(codewords: codewords, size: 16, dimension: 2)], tokens: 1)
        // Balls of a quarter around each codeword, of two dimensions.
        let mse = bundle.codec.ladder.rungs[0].mse
        #expect(abs(mse / (0.25 * 0.25 / 4) - 1) < 1e-6)
        #expect(abs(bundle.codec.ladder.rungs[0].codedBitsPerFrame - 4) < 0.01)
    }

    @Test func refusesToCalibrateOnFramesOfAnotherShape() throws {
        let codebook = Codebook(codewords: [0, 1, 2, 3], size: 2, dimension: 2)
        let bundle = try BundleImporter().bundle(of: [codebook], tokens: 1)
        let frames = try FrameSet(shape: FrameShape(tokens: 2, tokenDimension: 2), values: [1, 2, 3, 4])
        #expect(throws: TrainingError.otherShape(frames: "2×2", bundle: "1×2")) {
            try BundleImporter().calibrated(bundle, on: frames)
        }
    }

    @Test func refusesCodebooksThatNoFileHolds() async {
        await #expect(processExitsWith: .failure) {
            let one = Codebook(codewords: [0, 1], size: 1, dimension: 2)
            _ = try BundleImporter().bundle(of: [one], tokens: 1)
        }
        await #expect(processExitsWith: .failure) {
            let (two, three) = (
                Codebook(codewords: [0, 1], size: 2, dimension: 1),
                Codebook(codewords: [0, 1, 2], size: 3, dimension: 1)
            )
            _ = try BundleImporter().bundle(of: [two, three], tokens: 1)
        }
    }
}
