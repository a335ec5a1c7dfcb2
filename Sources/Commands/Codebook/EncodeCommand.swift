import ArgumentParser
import Bundles
import Quantization
import Training

/// `weir codebook encode`: frames to an `.idx` file.
struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode", abstract: "Encode frames at one rung into an .idx file.")

    @Argument(help: "The bundle.")
    var bundle: String

    @Argument(help: "The frames (.npy).")
    var frames: String

    @Option(help: "The rung, from 0, the cheapest.")
    var rung: Int

    @Option(name: .shortAndLong, help: "The .idx file to write.")
    var output: String

    func run() throws {
        try Files.check(output)
        let opened = try CodebookInput.bundle(bundle)
        let rungs = opened.codec.ladder.rungs.indices
        guard rungs ~= rung else {
            throw CommandFailure(
                path: bundle, "no rung \(rung); the bundle has rungs 0...\(rungs.upperBound - 1)")
        }
        let array = try CodebookInput.frames(frames, for: opened)
        try Files.write(IndexFile(encoding: array, at: rung, with: opened).serialized(), to: output)
    }
}
