import ArgumentParser
import Bundles
import Quantization
import Training

/// `weir codebook decode`: an `.idx` file back to frames.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Decode an .idx file into frames.")

    @Argument(help: "The bundle that the frames were encoded with.")
    var bundle: String

    @Argument(help: "The .idx file.")
    var indices: String

    @Option(name: .shortAndLong, help: "The frames to write (.npy, float32).")
    var output: String

    func run() throws {
        try Files.check(output)
        let opened = try CodebookInput.bundle(bundle)
        let bytes = try Files.read(indices, limit: 1 << 32)
        let frames: FrameArray
        do throws(IndexFileError) {
            frames = try IndexFile(parsing: bytes).decode(with: opened)
        } catch {
            throw CommandFailure(path: indices, error)
        }
        do throws(NPYError) {
            try frames.write(path: output)
        } catch {
            throw CommandFailure(path: output, error)
        }
    }
}
