public import ArgumentParser
import FoundationEssentials

/// `weir status`: one screen of what an agent or a collector is doing.
public struct StatusCommand: ParsableCommand {
    /// The name and the help of the command.
    public static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what an agent or a collector is doing.")

    @Option(help: "The status socket; without it, the agent's, else the collector's.")
    var socket: String?

    @Flag(help: "Print the daemon's JSON document as it is.")
    var json = false

    /// Creates the command for its parser.
    public init() {}

    /// Runs the command.
    public func run() throws {
        let path = socket ?? StatusClient.defaultSocket
        let document = try StatusClient.get("/status", socket: path)
        guard !json else { return try Console.output(document) }
        do {
            let value = try JSONDecoder().decode(StatusValue.self, from: Data(document.utf8))
            try Console.output(StatusScreen.render(value))
        } catch is DecodingError {
            throw CommandFailure(path: path, "the answer is not JSON; is this a status socket of Weir?")
        }
    }
}
