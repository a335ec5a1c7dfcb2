public import ArgumentParser

/// `weir codebook`: makes, adapts, inspects and uses bundles.
public struct CodebookCommand: ParsableCommand {
    /// The group's name, summary and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "codebook",
        abstract: "Train, adapt, import, inspect, evaluate and use bundles.",
        subcommands: [
            TrainCommand.self, AdaptCommand.self, ImportCommand.self, StripCommand.self, InspectCommand.self,
            EvaluateCommand.self, EncodeCommand.self, DecodeCommand.self,
        ])

    /// Made by the parser.
    public init() {}
}
