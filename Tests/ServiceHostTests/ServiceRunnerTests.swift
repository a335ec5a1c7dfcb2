import Logging
import ServiceHost
import ServiceLifecycle
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Signals belong to the process, so these tests run in processes of their own.
@Suite struct ServiceRunnerTests {
    @Test(arguments: [SIGTERM, SIGINT])
    func signalsLetServicesDrain(signal: CInt) async {
        await #expect(processExitsWith: .success) { [signal] in
            let record = LogRecord()
            let runner = ServiceRunner(
                notifier: SystemdNotifier(logger: record.logger), logger: record.logger)
            try await runner.run([
                Draining(name: "first", record: record), Draining(name: "second", record: record),
                Raising(signal: signal),
            ])
            let drained = record.messages.filter { $0.hasPrefix("notice") }
            #expect(drained == ["notice second drained", "notice first drained"])
        }
    }

    @Test func aServiceThatDoesNotDrainIsCutOff() async {
        await #expect(processExitsWith: .success) {
            let record = LogRecord()
            let runner = ServiceRunner(
                notifier: SystemdNotifier(logger: record.logger), logger: record.logger,
                drainLimit: .milliseconds(50))
            try await runner.run([Undrained(), Raising(signal: SIGTERM)])
            #expect(record.messages.contains("warning stopped before everything was drained"))
        }
    }

    @Test func hangupSaysThatARestartIsNeeded() async {
        await #expect(processExitsWith: .success) {
            let record = LogRecord()
            let runner = ServiceRunner(
                notifier: SystemdNotifier(logger: record.logger), logger: record.logger)
            try await runner.run([HangingUp(record: record)])
            #expect(record.messages.contains { $0.hasPrefix("warning SIGHUP: this version does not reload") })
        }
    }

    @Test func theErrorOfAServiceComesOut() async {
        await #expect(processExitsWith: .success) {
            let record = LogRecord()
            let runner = ServiceRunner(
                notifier: SystemdNotifier(logger: record.logger), logger: record.logger)
            await #expect(throws: Failure.self) {
                try await runner.run([Draining(name: "first", record: record), Failing()])
            }
            #expect(record.messages.contains("notice first drained"))
        }
    }
}

private struct Failure: Error {}

private struct Failing: Service {
    func run() async throws { throw Failure() }
}

private struct Draining: Service {
    let name: String
    let record: LogRecord

    func run() async throws {
        try await gracefulShutdown()
        record.logger.notice("\(name) drained")
    }
}

/// Takes no notice of a graceful shutdown.
private struct Undrained: Service {
    func run() async throws { try await Task.sleep(for: .seconds(3600)) }
}

/// Sends its own process a signal once the services run.
private struct Raising: Service {
    let signal: CInt

    func run() async throws {
        try await Task.sleep(for: .milliseconds(100))
        kill(getpid(), signal)
        try await gracefulShutdown()
    }
}

private struct HangingUp: Service {
    let record: LogRecord

    func run() async throws {
        try await Task.sleep(for: .milliseconds(100))
        kill(getpid(), SIGHUP)
        _ = await eventually { record.messages.contains { $0.contains("SIGHUP") } }
        kill(getpid(), SIGTERM)
        try await gracefulShutdown()
    }
}
