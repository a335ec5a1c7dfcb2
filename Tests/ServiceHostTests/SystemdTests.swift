import Logging
import ServiceHost
import ServiceLifecycle
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The environment belongs to the process, so these tests run in processes of their own.
@Suite struct SystemdTests {
    @Test func notificationsReachTheSocket() async {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            let socket = NotifySocket(directory.file("notify"))
            setEnvironment("NOTIFY_SOCKET", directory.file("notify"))
            let notifier = SystemdNotifier(logger: LogRecord().logger)
            #expect(notifier.ready(status: "two\nlines"))
            #expect(socket.next() == "READY=1\nSTATUS=two lines")
            #expect(notifier.ready())
            #expect(socket.next() == "READY=1")
            #expect(notifier.status("rung 3"))
            #expect(socket.next() == "STATUS=rung 3")
            #expect(notifier.reloading())
            let reloading = socket.next().split(separator: "\n")
            #expect(reloading.count == 2 && reloading[0] == "RELOADING=1")
            #expect(reloading[1].hasPrefix("MONOTONIC_USEC=") && UInt64(reloading[1].dropFirst(15)) != nil)
            #expect(notifier.watchdog())
            #expect(socket.next() == "WATCHDOG=1")
            #expect(notifier.stopping(status: "draining"))
            #expect(socket.next() == "STOPPING=1\nSTATUS=draining")
        }
    }

    @Test func withoutSystemdNothingIsSent() async {
        await #expect(processExitsWith: .success) {
            setEnvironment("NOTIFY_SOCKET", nil)
            setEnvironment("WATCHDOG_USEC", nil)
            let record = LogRecord()
            let notifier = SystemdNotifier(logger: record.logger)
            #expect(!notifier.ready())
            #expect(!notifier.status("x"))
            #expect(Watchdog(notifier: notifier, progress: ProgressCounter(), logger: record.logger) == nil)
            #expect(record.messages == [])
        }
    }

    @Test func aSocketThatIsGoneIsLoggedAndNoError() async {
        await #expect(processExitsWith: .success) {
            setEnvironment("NOTIFY_SOCKET", "/nonexistent/notify")
            let record = LogRecord()
            #expect(!SystemdNotifier(logger: record.logger).ready())
            #expect(record.messages == ["warning cannot notify systemd"])
        }
    }

    @Test func watchdogTakesSystemdsInterval() async {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            let socket = NotifySocket(directory.file("notify"))
            setEnvironment("NOTIFY_SOCKET", directory.file("notify"))
            setEnvironment("WATCHDOG_USEC", "40000")
            setEnvironment("WATCHDOG_PID", "\(getpid())")
            let record = LogRecord()
            let notifier = SystemdNotifier(logger: record.logger)
            let progress = ProgressCounter()
            let watchdog = try #require(
                Watchdog(notifier: notifier, progress: progress, logger: record.logger))
            #expect(watchdog.interval == .milliseconds(20))
            let task = Task { try await watchdog.run() }
            #expect(socket.next() == "WATCHDOG=1")
            task.cancel()
            setEnvironment("WATCHDOG_PID", "1")
            #expect(Watchdog(notifier: notifier, progress: progress, logger: record.logger) == nil)
        }
    }

    @Test func aStuckPacketPathStopsThePings() async throws {
        let progress = ProgressCounter()
        let record = LogRecord()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let box = PingBox()
            // A packet path that turns until the third ping, and then stops: how fast anyone looks does not matter.
            let watchdog = Watchdog(
                interval: .milliseconds(5), progress: progress, logger: record.logger,
                ping: {
                    box.add()
                    if box.count < 3 { progress.advance() }
                })
            group.addTask { try await watchdog.run() }

            // One complaint, and from then on not one ping, however long that lasts.
            #expect(await eventually { record.messages.count == 1 })
            #expect(box.count == 3)
            try await Task.sleep(for: .milliseconds(100))
            #expect(box.count == 3)
            #expect(
                record.messages == [
                    "critical the packet path makes no progress; the watchdog is not pinged until it does"
                ])
            // It turns again.
            progress.advance()
            #expect(await eventually { box.count == 4 })
            group.cancelAll()
        }
    }

    @Test func socketsAreTakenByName() async {
        await #expect(processExitsWith: .success) {
            let directory = TemporaryDirectory()
            let listener = try UnixListener(path: directory.file("ingest.sock"), mode: 0o600)
            try withDescriptors([listener.descriptor]) {
                announce(names: "ingest", count: 1)
                var sockets = try ActivatedSockets()
                #expect(sockets.remainingNames == ["ingest"])
                #expect(sockets.take("status") == nil)
                #expect(sockets.take("ingest")?.descriptor == 3)
                #expect(sockets.take("ingest") == nil)
                // Whoever is started later must not find them again.
                #expect(!hasEnvironment("LISTEN_FDS"))
                #expect(fcntl(3, F_GETFD) & FD_CLOEXEC != 0)
            }
        }
    }

    @Test func aDescriptorThatIsNoListenerIsRefused() async {
        await #expect(processExitsWith: .success) {
            let file = unsafe open("/dev/null", O_RDONLY)
            try withDescriptors([file]) {
                announce(names: "ingest", count: 1)
                do throws(ActivationError) {
                    _ = try ActivatedSockets()
                    Issue.record("a file was taken for a socket")
                } catch {
                    #expect(
                        error.description
                            == "sockets passed by systemd: descriptor 3 (ingest) is no listening Unix stream socket"
                    )
                }
            }
        }
    }

    @Test func withoutActivationThereAreNoSockets() async {
        await #expect(processExitsWith: .success) {
            setEnvironment("LISTEN_FDS", nil)
            let sockets = try ActivatedSockets()
            #expect(sockets.remainingNames == [])
        }
    }
}

private final class PingBox: Sendable {
    private let pings = Atomic<Int>(0)

    var count: Int { pings.load(ordering: .relaxed) }

    func add() { pings.wrappingAdd(1, ordering: .relaxed) }
}

/// systemd's end of `NOTIFY_SOCKET`.
private final class NotifySocket {
    private let descriptor: CInt

    init(_ path: String) {
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        self.descriptor = descriptor
        let result = unsafe withAddress(path) { unsafe bind(descriptor, $0, $1) }
        precondition(result == 0, "cannot bind")
    }

    func next() -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

/// Puts `descriptors` at 3 and up while `body` runs, then what the test runner had there back in its place.
private func withDescriptors(_ descriptors: [CInt], _ body: () throws -> Void) throws {
    let saved = descriptors.indices.map { dup(CInt(3 + $0)) }
    let copies = descriptors.map { fcntl($0, F_DUPFD, 64) }
    for (index, copy) in copies.enumerated() { dup2(copy, CInt(3 + index)) }
    defer {
        for (index, descriptor) in saved.enumerated() where descriptor >= 0 {
            dup2(descriptor, CInt(3 + index))
        }
    }
    try body()
}

private func announce(names: String, count: Int) {
    setEnvironment("LISTEN_PID", "\(getpid())")
    setEnvironment("LISTEN_FDS", "\(count)")
    setEnvironment("LISTEN_FDNAMES", names)
}
