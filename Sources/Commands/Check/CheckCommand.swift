public import ArgumentParser
import Settings

/// `weir check`: validates a settings file, and the bundles that it names, without starting anything.
public struct CheckCommand: ParsableCommand {
    /// The name and the help of the command.
    public static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the settings of an agent or a collector.",
        discussion:
            "All that is wrong is shown at once, each with its line and column; the exit status is 1 then.")

    @Argument(help: "The settings file.")
    var file: String

    /// Creates the command for its parser.
    public init() {}

    /// Runs the command.
    public func run() throws {
        let settings: ServiceSettings
        do throws(SettingsErrors) {
            settings = try ServiceSettings.load(path: file)
        } catch {
            throw CommandFailure(error.description)
        }
        let problems: [SettingsDiagnostic]
        let summary: String
        switch settings {
        case .agent(let agent):
            problems = BundleCheck.problems(agent)
            summary =
                "settings of an agent with \(agent.streams.count) stream\(agent.streams.count == 1 ? "" : "s")"
        case .collector(let collector):
            problems = BundleCheck.problems(collector)
            summary = "settings of a collector"
        }
        guard problems.isEmpty else { throw CommandFailure(SettingsErrors(problems).description) }
        try Console.output("\(file): \(summary), all right")
    }
}
