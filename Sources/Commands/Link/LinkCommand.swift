public import ArgumentParser

/// `weir link`: links that are bad on purpose.
public struct LinkCommand: ParsableCommand {
    /// The group's name, summary and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Try streams on bad links: in virtual time, or between real processes.",
        subcommands: [LinkSimulateCommand.self, LinkRelayCommand.self])

    /// Made by the parser.
    public init() {}
}
