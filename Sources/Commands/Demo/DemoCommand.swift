public import ArgumentParser
import Plotting

/// `weir demo`: a gateway and its collector on this machine, with a bad half minute between them.
public struct DemoCommand: ParsableCommand {
    /// The command's name and help.
    public static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Watch three streams survive a bad half minute.",
        discussion: """
            Trains a small bundle, starts a real collector and a real agent on loopback, feeds three streams and \
            squeezes the link between them. Ends with a table and a picture. Takes about 70 seconds and leaves \
            nothing but the picture.
            """)

    @Option(help: ArgumentHelp("The directory with the sample frames.", valueName: "directory"))
    var examples = "Examples"

    @Option(name: [.short, .long], help: ArgumentHelp("The picture.", valueName: "out.svg"))
    var output = "demo.svg"

    /// Made by the parser.
    public init() {}

    /// Runs the demo.
    public func run() throws {
        Interruption.watch()
        let demo = try Demo(examples: examples)
        let outcome = try demo.run()
        try Files.write(Array(outcome.plot().svg().utf8), to: output)
        try Console.output("\n\(outcome.table)\n\n\(output) shows it over time.")
    }
}
