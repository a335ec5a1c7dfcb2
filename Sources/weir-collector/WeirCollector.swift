import ArgumentParser
import Collector

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The command line of the collector.
struct WeirCollector: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir-collector", abstract: "Receives feature streams and stores their frames.",
        subcommands: [ServeCommand.self, ExportCommand.self], defaultSubcommand: ServeCommand.self)
}

/// `weir-collector --config FILE`: the service.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the collector (the default).")

    @Option(help: "The settings file.")
    var config: String

    func run() async throws {
        try await CollectorProcess.run(settingsPath: config)
    }
}

@main
private enum Main {
    static func main() async {
        do {
            var command = try WeirCollector.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(0)
        } catch let error as CollectorStartError {
            fail(error.description, status: 1)
        } catch let failure as ExportFailure {
            fail(failure.description, status: 1)
        } catch {
            let code = WeirCollector.exitCode(for: error)
            let text = WeirCollector.fullMessage(for: error)
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
