import ArgumentParser
import Bundles

/// `weir codebook strip`: the gateway's copy of a bundle.
struct StripCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strip",
        abstract: "Write the gateway's copy of a bundle: without what only training and adapting need.",
        discussion: """
            The copy codes frames as the bundle does and is a bundle of its own, with an identity of its own: give it to \
            gateway and collector, and keep the trainer's copy, since without calibration statistics a bundle can no \
            longer be adapted but with frames.
            """)

    @Argument(help: "The bundle.")
    var bundle: String

    @Option(name: .shortAndLong, help: "The copy to write.")
    var output: String

    func run() throws {
        try Files.check(output)
        let stripped = try CodebookInput.bundle(bundle).stripped()
        try Console.output(CodebookOutput.write(stripped, to: output))
    }
}
