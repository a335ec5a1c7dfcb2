import ArgumentParser
import Bundles
import Quantization
import Training

/// `weir codebook train`: frames to a bundle.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a bundle from frames.",
        discussion: """
            FRAMES is a .npy file of float16, float32 or float64: frames × dimension, or frames × tokens × token dimension.
            --rungs is auto or rungs between commas, each the codebook sizes of its stages between plus signs, where \
            256x3 is three stages of 256: 16,64,256,256+64,256x2,256x8.
            """)

    @Argument(help: "The frames to train with (.npy).")
    var frames: String

    @Option(name: .shortAndLong, help: "The bundle to write.")
    var output: String

    @Option(help: "Tokens that each frame is divided into (default: as the file's shape says).")
    var tokens: Int?

    @Option(help: "Codebooks of the tokens: auto, shared or own of each.")
    var tokenCodebooks = "auto"

    @Option(help: "Codewords of each stage's base codebook.")
    var base = 256

    @Option(help: "Stages.")
    var stages = 8

    @Option(help: "Hypotheses of the beam search, in training and in encoding.")
    var beam = 5

    @Option(help: "The rungs of the ladder.")
    var rungs = "auto"

    @Option(help: "How codebooks of smaller sizes are made.")
    var adapt = "dkm"

    @Option(help: "Seed of all random choices.")
    var seed: UInt64 = 1

    @Option(help: "Threads (default: one for each processor). The bundle does not depend on them.")
    var threads: Int?

    func validate() throws {
        try CodebookInput.require(tokens ?? 1 > 0, "--tokens: \(tokens ?? 1) is not positive")
        try CodebookInput.require(
            BundleTrainer.baseSizes ~= base,
            "--base: \(base) is not in 2...\(BundleTrainer.baseSizes.upperBound)")
        try CodebookInput.require(
            1...ResidualQuantizer.maximumStages ~= stages,
            "--stages: \(stages) is not in 1...\(ResidualQuantizer.maximumStages)")
        try CodebookInput.require(
            1...ResidualQuantizer.maximumBeamWidth ~= beam,
            "--beam: \(beam) is not in 1...\(ResidualQuantizer.maximumBeamWidth)")
        try CodebookInput.require(1...1024 ~= threads ?? 1, "--threads: \(threads ?? 1) is not in 1...1024")
        try CodebookInput.require(
            RungList(rungs) != nil, "--rungs: '\(rungs)' is not auto or a list such as 16,256,256x2+64")
        try CodebookInput.require(
            TokenCodebooks(rawValue: tokenCodebooks) != nil,
            "--token-codebooks: '\(tokenCodebooks)' is not one of \(TokenCodebooks.names)")
        _ = try CodebookInput.method(adapt)
    }

    func run() throws {
        try Files.check(output)
        let array = try CodebookInput.frames(frames, tokens: tokens)
        var trainer = BundleTrainer()
        trainer.tokenCodebooks = TokenCodebooks(rawValue: tokenCodebooks) ?? .automatic
        trainer.base = base
        trainer.stages = stages
        trainer.beamWidth = beam
        trainer.rungs = RungList(rungs) ?? .automatic
        trainer.method = try CodebookInput.method(adapt)
        trainer.seed = seed
        trainer.workers = CodebookInput.workers(threads)
        let set = try CodebookInput.frameSet(array, path: frames)
        var bar = ProgressBar()
        defer { bar.finish() }
        let result: BundleTrainer.Result
        do throws(TrainingError) {
            result = try trainer.train(set) { bar.update($0, $1) }
        } catch {
            throw CommandFailure(path: frames, error)
        }
        bar.finish()
        let summary = try CodebookOutput.write(result.bundle, to: output)
        if result.unusedCodewords > 0 {
            Console.message(
                "\(frames): \(result.unusedCodewords) of \(base * stages) base codewords stay unused: the frames"
                    + " have too few distinct values")
        }
        try Console.output(summary)
    }
}
