private import CSystemd
public import Logging

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Tells systemd what the service does. Without `NOTIFY_SOCKET` in the environment every call does nothing.
public struct SystemdNotifier: Sendable {
    private let logger: Logger

    /// Creates a notifier; `logger` learns of notifications that could not be sent.
    public init(logger: Logger) {
        self.logger = logger
    }

    /// The service is set up (or its reload is over). Do not wait for the link or for name resolution.
    ///
    /// - Returns: Whether a service manager was told; the same for the other notifications.
    @discardableResult
    public func ready(status: String? = nil) -> Bool {
        notify("READY=1" + statusLine(status))
    }

    /// Shows one line in `systemctl status`.
    @discardableResult
    public func status(_ text: String) -> Bool {
        notify(String(statusLine(text).dropFirst()))
    }

    /// The service begins to stop.
    @discardableResult
    public func stopping(status: String? = nil) -> Bool {
        notify("STOPPING=1" + statusLine(status))
    }

    /// The service begins to reload; `ready` ends it.
    @discardableResult
    public func reloading() -> Bool {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return notify("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)")
    }

    /// The service makes progress. `Watchdog` sends this.
    @discardableResult
    public func watchdog() -> Bool {
        notify("WATCHDOG=1")
    }

    private func statusLine(_ text: String?) -> String {
        guard let text else { return "" }
        // A line end would begin another assignment.
        return "\nSTATUS=" + String(text.map { $0.isNewline ? " " : $0 })
    }

    private func notify(_ assignments: String) -> Bool {
        let result = unsafe sd_notify(0, assignments)
        if result < 0 {
            let reason = unsafe String(cString: strerror(-result))
            logger.warning("cannot notify systemd", metadata: ["reason": "\(reason)"])
        }
        return result > 0
    }
}
