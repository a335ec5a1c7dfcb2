public import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Runs a root command with the exit statuses of Weir's command line: 0 done, 1 the world is wrong, 2 usage, 70 a bug.
public enum CommandRunner {
    /// Runs the process's command and ends the process with its exit status.
    public static func main<Root: ParsableCommand>(_ root: Root.Type) async -> Never {
        // A closed pipe then shows as EPIPE from `write`, which ends the command quietly.
        signal(SIGPIPE, SIG_IGN)
        exit(await run(root, arguments: Array(CommandLine.arguments.dropFirst())))
    }

    /// Parses the arguments, runs the command, prints what went wrong and returns the exit status.
    public static func run<Root: ParsableCommand>(_ root: Root.Type, arguments: [String]) async -> Int32 {
        do {
            var command = try root.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch let failure as CommandFailure {
            Console.message(failure.description)
            return 1
        } catch is ClosedPipe {
            return 0
        } catch {
            return report(error, root)
        }
    }

    private static func report<Root: ParsableCommand>(_ error: any Error, _ root: Root.Type) -> Int32 {
        let text = root.fullMessage(for: error)
        switch root.exitCode(for: error) {
        case .success:
            do {
                try Console.output(text)
                return 0
            } catch {
                return error is ClosedPipe ? 0 : 1
            }
        case .validationFailure:
            Console.message(text)
            return 2
        case let code:
            // A command that has said everything already throws an `ExitCode` of its own.
            if let exit = error as? ExitCode { return exit.rawValue }
            Console.message("bug: \(error) (status \(code.rawValue)); please report it")
            return 70
        }
    }
}
