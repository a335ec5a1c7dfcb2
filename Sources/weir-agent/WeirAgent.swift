import Agent
import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The command line of the agent.
struct WeirAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir-agent", abstract: "Sends feature streams over bad links.")

    @Option(help: "The settings file.")
    var config: String

    func run() async throws {
        try await AgentProcess.run(settingsPath: config)
    }
}

@main
private enum Main {
    static func main() async {
        do {
            let command = try WeirAgent.parse()
            try await command.run()
            exit(0)
        } catch let error as AgentStartError {
            fail(error.description, status: 1)
        } catch {
            let code = WeirAgent.exitCode(for: error)
            let text = WeirAgent.fullMessage(for: error)
            if code == .success {
                print(text)
                exit(0)
            }
            fail(text, status: code == .validationFailure ? 2 : 70)
        }
    }

    private static func fail(_ text: String, status: CInt) -> Never {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(status)
    }
}
