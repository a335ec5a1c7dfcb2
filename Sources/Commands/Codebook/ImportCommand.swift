import ArgumentParser
import Bundles
import Quantization
import Training

/// `weir codebook import`: a bundle of a user's own codebook.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a bundle of a codebook that was trained elsewhere.",
        discussion: """
            CODEBOOK is a .npy or safetensors file: K × d, the embedding table of a VQ-VAE say, or stages × K × d, a \
            residual code. The bundle decodes to these codewords exactly. With --calibrate it gets statistics, adapted \
            codebooks and a measured ladder, as a trained bundle has them; without, one rung for each number of stages, \
            whose bits are those of uniform codes and whose mse is an estimate.
            """)

    @Argument(help: "The codebook (.npy or .safetensors: float16, bfloat16, float32 or float64).")
    var codebook: String

    @Option(help: "The tensor's name, where the file has several.")
    var tensor: String?

    @Option(
        help: "Frames to calibrate with (.npy): frames × dimension, or frames × tokens × token dimension.")
    var calibrate: String?

    @Option(help: "Tokens of a frame, each of a codeword's size (default: as the frames say, or 1).")
    var tokens: Int?

    @Option(help: "Hypotheses of the beam search over the stages.")
    var beam = 5

    @Option(help: "Threads (default: one for each processor). The bundle does not depend on them.")
    var threads: Int?

    @Option(name: .shortAndLong, help: "The bundle to write.")
    var output: String

    func validate() throws {
        try CodebookInput.require(tokens ?? 1 > 0, "--tokens: \(tokens ?? 1) is not positive")
        try CodebookInput.require(
            1...ResidualQuantizer.maximumBeamWidth ~= beam,
            "--beam: \(beam) is not in 1...\(ResidualQuantizer.maximumBeamWidth)")
        try CodebookInput.require(1...1024 ~= threads ?? 1, "--threads: \(threads ?? 1) is not in 1...1024")
    }

    func run() throws {
        try Files.check(output)
        let stages = try CodebookFile(path: codebook, tensor: tensor).stages
        var importer = BundleImporter()
        importer.beamWidth = beam
        importer.workers = CodebookInput.workers(threads)
        var bar = ProgressBar()
        defer { bar.finish() }
        let frames = try calibrate.map { try self.frames($0, for: stages[0]) }
        let tokens = frames?.shape.tokens ?? tokens ?? 1
        guard FrameShape.isValid(tokens: tokens, tokenDimension: stages[0].dimension) else {
            throw CommandFailure(
                path: codebook,
                "frames of \(tokens) tokens of \(stages[0].dimension) values; at most"
                    + " \(FrameShape.maximumDimension) values are allowed")
        }
        var bundle: Bundle
        do throws(TrainingError) {
            bundle = try importer.bundle(of: stages, tokens: tokens)
        } catch {
            throw CommandFailure(path: codebook, error)
        }
        if let calibrate, let frames {
            do throws(TrainingError) {
                bundle = try importer.calibrated(bundle, on: frames) { bar.update($0, $1) }
            } catch {
                throw CommandFailure(path: calibrate, error)
            }
        }
        bar.finish()
        try Console.output(CodebookOutput.write(bundle, to: output))
    }

    /// Calibration frames whose tokens have a codeword's size.
    private func frames(_ path: String, for codebook: Codebook) throws(CommandFailure) -> FrameSet {
        let frames = try CodebookInput.frames(path, tokens: tokens)
        let tokenDimension = codebook.dimension
        guard frames.shape.tokenDimension == tokenDimension else {
            var hint = ""
            if frames.shape.tokenDimension == codebook.size {
                hint = "; is the codebook transposed (d × K)?"
            }
            if frames.shape.tokens == 1, tokens == nil, frames.shape.dimension.isMultiple(of: tokenDimension)
            {
                hint =
                    "; give --tokens \(frames.shape.dimension / tokenDimension) if a frame is that many tokens"
            }
            throw CommandFailure(
                path: path,
                "frames of \(frames.shape) values (tokens × token dimension); the codewords have"
                    + " \(tokenDimension)\(hint)")
        }
        return try CodebookInput.frameSet(frames, path: path)
    }
}
