import ArgumentParser
import Bundles
import Quantization

/// `weir codebook inspect`: what a bundle holds.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a bundle holds.")

    @Argument(help: "The bundle.")
    var bundle: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let bundle = try CodebookInput.bundle(bundle)
        try Console.output(json ? JSONOutput.text(Report(bundle)) : CodebookOutput.summary(bundle))
    }

    private struct Report: Encodable {
        struct Stage: Encodable {
            var base: Int
            var adapted: [Int]
        }

        struct RungReport: Encodable {
            var rung: Int
            var sizes: [Int]
            var nominalBitsPerFrame: Double
            var codedBitsPerFrame: Double
            var mse: Double
        }

        var identity: String
        var tokens: Int
        var tokenDimension: Int
        var beam: Int
        var stages: [Stage]
        var rungs: [RungReport]
        var trainingFrames: Int
        var seed: UInt64
        var adaptation: String
        var hasStatistics: Bool

        init(_ bundle: Bundle) {
            let codec = bundle.codec
            identity = "\(bundle.identity)"
            tokens = codec.shape.tokens
            tokenDimension = codec.shape.tokenDimension
            beam = codec.residual.beamWidth
            stages = codec.residual.stages.map {
                Stage(base: $0.base.size, adapted: $0.adapted.keys.sorted())
            }
            rungs = codec.ladder.rungs.enumerated().map { index, rung in
                RungReport(
                    rung: index, sizes: rung.sizes,
                    nominalBitsPerFrame: rung.nominalBits(tokens: codec.shape.tokens),
                    codedBitsPerFrame: rung.codedBitsPerFrame, mse: rung.mse)
            }
            trainingFrames = bundle.provenance.frames
            seed = bundle.provenance.seed
            adaptation = bundle.provenance.adaptation
            hasStatistics = bundle.statistics != nil
        }
    }
}
