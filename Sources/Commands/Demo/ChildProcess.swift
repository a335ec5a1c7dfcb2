#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A process that the demo started; its output goes to a file.
final class ChildProcess {
    /// The program and where its output is.
    let name: String
    private let identifier: pid_t
    private let log: String
    private var status: Int32?

    /// Starts a program in a process group of its own, so that Ctrl-C reaches the demo alone, which stops its
    /// processes in order.
    init(_ name: String, program: String, arguments: [String], log: String) throws(CommandFailure) {
        self.name = name
        self.log = log
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(
            &actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

        let words = unsafe ([program] + arguments).map { unsafe strdup($0) }
        defer { unsafe words.forEach { unsafe free($0) } }
        var child = pid_t()
        let failure = unsafe posix_spawn(&child, program, &actions, &attributes, words + [nil], environ)
        guard failure == 0 else { throw CommandFailure(path: program, Console.errorText(failure)) }
        identifier = child
    }

    /// Whether the process still runs.
    func isRunning() -> Bool {
        guard status == nil else { return false }
        var ended: Int32 = 0
        if unsafe waitpid(identifier, &ended, WNOHANG) == identifier { status = ended }
        return status == nil
    }

    /// Whether the process ended, by itself, with exit status 0.
    var succeeded: Bool { status == 0 }

    /// Asks the process to end (SIGTERM).
    func terminate() {
        if status == nil { kill(identifier, SIGTERM) }
    }

    /// Waits until the process has ended, for `limit` at most; returns whether it has.
    func wait(_ limit: Duration) -> Bool {
        let end = ContinuousClock.now + limit
        while isRunning() {
            guard ContinuousClock.now < end else { return false }
            SystemTime.sleep(until: SystemTime.monotonic() + 10_000_000)
        }
        return true
    }

    /// Ends the process at once.
    func end() {
        guard isRunning() else { return }
        kill(identifier, SIGKILL)
        waitpid(identifier, nil, 0)
        status = SIGKILL
    }

    /// A failure that says what the process said last.
    func failure(_ problem: String) -> CommandFailure {
        let output = (try? Files.read(log, limit: 1 << 20)) ?? []
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").suffix(3)
        let said = lines.isEmpty ? "" : ": " + lines.joined(separator: " | ")
        return CommandFailure("\(name) \(problem)\(said)")
    }
}
