public import Logging

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Logs each event as one line: `2026-03-01T12:00:00.123Z info message key=value`.
public struct LineLogHandler: LogHandler {
    /// Added to every event.
    public var metadata: Logger.Metadata = [:]
    /// The least severe level that is logged.
    public var logLevel: Logger.Level = .info
    private let descriptor: CInt

    /// Creates a handler that writes to `descriptor`, standard error by default.
    public init(descriptor: CInt = 2) {
        self.descriptor = descriptor
    }

    /// One item of the metadata added to every event.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line; what cannot be written is lost, since there is no other place to say so.
    public func log(event: LogEvent) {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let line = Self.line(event, metadata: metadata, seconds: time.tv_sec, nanoseconds: time.tv_nsec)
        let bytes = Array(line.utf8)
        // One call, so that lines of several threads and processes do not mix.
        _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }

    /// The line of an event at a time since 1970, with its end of line.
    static func line(_ event: LogEvent, metadata: Logger.Metadata, seconds: Int, nanoseconds: Int) -> String {
        var time = seconds
        var parts = unsafe tm()
        unsafe gmtime_r(&time, &parts)
        let date = unsafe [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map { padded($0, 2) }
        let clock = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded($0, 2) }
        let fraction = padded(CInt(nanoseconds / 1_000_000), 3)
        let stamp = "\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).\(fraction)Z"
        return "\(stamp) \(event.level) \(event.text(adding: metadata))\n"
    }

    private static func padded(_ number: CInt, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension LogEvent {
    /// The message, the metadata and the error on one line.
    func text(adding metadata: Logger.Metadata) -> String {
        var all = metadata.merging(self.metadata ?? [:]) { _, event in event }
        if let error { all["error"] = "\(error)" }
        return message.description.logEscaped(quotes: false) + all.logText
    }
}
