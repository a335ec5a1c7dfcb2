import Commands
import Foundation

/// What a `weir codebook` command did.
struct CommandRun {
    let status: Int32
    let output: String
    let messages: String

    /// Runs a command in this process.
    init(_ arguments: [String], isTerminal: Bool = false) async {
        let recording = ConsoleRecording(isTerminal: isTerminal)
        status = await Console.$recording.withValue(recording) {
            await CommandRunner.run(CodebookCommand.self, arguments: arguments)
        }
        output = recording.output
        messages = recording.messages
    }

    /// Runs a command in this process.
    init(_ arguments: String...) async {
        await self.init(arguments)
    }

    /// The output as a JSON object.
    var json: [String: Any] {
        get throws {
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
        }
    }

    /// The objects of an array in the output's JSON object.
    func objects(_ key: String) throws -> [[String: Any]] {
        try json[key] as? [[String: Any]] ?? []
    }
}
