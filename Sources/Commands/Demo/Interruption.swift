import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whether somebody asked the process to stop: Ctrl-C, a closed terminal, SIGTERM.
enum Interruption {
    private static let isRequested = Atomic<Bool>(false)

    /// From now on these signals do not end the process but are noted.
    static func watch() {
        // The flag exists before a handler can touch it.
        isRequested.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in Interruption.isRequested.store(true, ordering: .relaxed) }
        }
    }

    /// Throws if the process was asked to stop.
    static func check() throws(CommandFailure) {
        if isRequested.load(ordering: .relaxed) { throw CommandFailure("demo: stopped") }
    }
}
