import ArgumentParser
import Commands

/// The root of the command line.
struct Weir: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "Feature streams over bad links.",
        subcommands: [
            CheckCommand.self,
            CodebookCommand.self,
            DemoCommand.self,
            FeedCommand.self,
            LinkCommand.self,
            StatusCommand.self,
        ])
}

@main
private enum Main {
    static func main() async {
        await CommandRunner.main(Weir.self)
    }
}
