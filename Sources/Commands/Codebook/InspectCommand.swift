import ArgumentParser
import Bundles

/// `weir codebook inspect`: what a bundle holds.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a bundle holds.")

    @Argument(help: "The bundle.")
    var bundle: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let (opened, size) = try CodebookInput.bundleAndSize(bundle)
        let summary = BundleSummary(bundle: opened, size: size, hasColor: Console.outputHasColor)
        try Console.output(json ? JSONOutput.text(InspectReport(opened, size)) : summary.text)
    }
}
