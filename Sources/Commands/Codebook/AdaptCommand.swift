import ArgumentParser
import Bundles
import Quantization
import Training

/// `weir codebook adapt`: codebooks of other sizes for a bundle.
struct AdaptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapt",
        abstract: "Give a bundle codebooks of other sizes.",
        discussion: """
            All methods but kmeans need the trainer's copy of the bundle and no frames; the rungs' bits and mse are then \
            estimates, the bits of rungs with an adapted stage up to a quarter off. With --train they are measured. kmeans needs --train.

            For sizes below the base: dkm, ward (indices of all sizes are nested), dkm-paper. For sizes above: split, \
            ikm (leaves out what would be worse than the base). dkm with a size above the base splits. Sizes apply to every stage.
            """)

    @Argument(help: "The bundle.")
    var bundle: String

    @Option(help: "How codebooks are made: \(AdaptationMethod.names).")
    var adapt = "dkm"

    @Option(help: "Frames to train or measure with (.npy).")
    var train: String?

    @Option(
        help:
            "Sizes between commas (default: every power of two below the base size; for split and ikm twice and four times it)."
    )
    var sizes: String?

    @Option(help: "Threads (default: one for each processor).")
    var threads: Int?

    @Option(name: .shortAndLong, help: "The bundle to write.")
    var output: String

    private func parsedSizes() throws(ValidationError) -> [Int]? {
        guard let sizes else { return nil }
        let numbers = sizes.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let valid = numbers.compactMap { $0 }.filter { 2...Codebook.maximumSize ~= $0 }
        guard valid.count == numbers.count else {
            throw ValidationError("--sizes: '\(sizes)' is not a list of sizes such as 16,32,64")
        }
        return valid
    }

    func validate() throws {
        let method = try CodebookInput.method(adapt)
        try CodebookInput.require(
            train != nil || !method.needsFrames, "--adapt \(adapt): needs frames; give --train FRAMES.npy")
        try CodebookInput.require(1...1024 ~= threads ?? 1, "--threads: \(threads ?? 1) is not in 1...1024")
        _ = try parsedSizes()
    }

    func run() throws {
        try Files.check(output)
        let original = try CodebookInput.bundle(bundle)
        var adapter = BundleAdapter(method: try CodebookInput.method(adapt))
        adapter.sizes = try parsedSizes()
        adapter.workers = CodebookInput.workers(threads)
        var frames: FrameSet?
        if let train {
            let array = try CodebookInput.frames(train, for: original)
            frames = try CodebookInput.frameSet(array, path: train)
        }
        var bar = ProgressBar()
        defer { bar.finish() }
        let adapted: Bundle
        do throws(TrainingError) {
            adapted = try adapter.adapt(original, frames: frames) { bar.update($0, $1) }
        } catch {
            throw CommandFailure(path: bundle, error)
        }
        bar.finish()
        for (stage, residual) in adapted.codec.residual.stages.enumerated() {
            let wanted = adapter.sizes ?? adapter.method.defaultSizes(base: residual.base.size)
            for size in wanted where residual.codebook(size: size) == nil {
                Console.message(
                    "\(bundle): stage \(stage): \(adapt) at \(size) codewords would be worse than the base codebook of"
                        + " \(residual.base.size); the size is left out")
            }
        }
        try Console.output(CodebookOutput.write(adapted, to: output))
    }
}
