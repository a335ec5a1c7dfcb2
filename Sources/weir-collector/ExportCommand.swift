import ArgumentParser
import Collector

/// `weir-collector export`: stored frames of a stream as `.npy`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write stored frames of a stream as .npy.")

    @Option(help: "The collector's database.")
    var database: String

    @Option(help: "The stream.")
    var stream: String

    @Option(help: "The gateway; needed if several have such a stream.")
    var gateway: String?

    @Option(help: "Frames from this agent time on: \(TimeBound.allowed).", transform: Self.bound)
    var from: TimeBound?

    @Option(help: "Frames before this agent time.", transform: Self.bound)
    var to: TimeBound?

    @Option(name: .shortAndLong, help: "The .npy file to write: n × dimension float32 values.")
    var output: String

    @Option(help: "A CSV file to write, with times and sequences.")
    var index: String?

    func run() throws {
        let request = FrameExporter.Request(stream: stream, gateway: gateway, from: from, to: to)
        _ = try FrameExporter(database: database).export(request, to: output, index: index)
    }

    private static func bound(_ text: String) throws -> TimeBound {
        guard let bound = TimeBound(text) else {
            throw ValidationError("\"\(text)\" is no time; allowed is \(TimeBound.allowed)")
        }
        return bound
    }
}
