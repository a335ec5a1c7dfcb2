public import Logging

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Where a service's log goes: the journal when standard error is the journal, else lines on standard error.
public enum ServiceLog {
    /// A logger for the service named `identifier`.
    public static func logger(identifier: String, level: Logger.Level) -> Logger {
        let stream = unsafe getenv("JOURNAL_STREAM").map { unsafe String(cString: $0) }
        let isJournal = isJournal(STDERR_FILENO, stream: stream)
        var logger = Logger(label: identifier) { label in
            isJournal ? JournalLogHandler(identifier: label) as any LogHandler : LineLogHandler()
        }
        logger.logLevel = level
        return logger
    }

    /// Whether `descriptor` is the stream to the journal that `JOURNAL_STREAM` ("device:inode") names. The
    /// variable alone proves nothing: it stays set where a child's output goes elsewhere.
    public static func isJournal(_ descriptor: CInt, stream: String?) -> Bool {
        guard let parts = stream?.split(separator: ":"), parts.count == 2, let device = UInt64(parts[0]),
            let inode = UInt64(parts[1])
        else { return false }
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else { return false }
        return UInt64(information.st_dev) == device && UInt64(information.st_ino) == inode
    }
}

extension Logger.Metadata {
    /// `key=value` pairs in the order of the keys, each after a space; values in quotation marks where needed.
    var logText: String {
        sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quotedIfNeeded("\($0.value)"))" }.joined()
    }

    private static func quotedIfNeeded(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x7F }
        return isPlain ? value : "\"\(value.logEscaped(quotes: true))\""
    }
}

extension String {
    /// The text on one line: what would break the line, or a terminal, is escaped.
    func logEscaped(quotes: Bool) -> String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\"" where quotes: text += "\\\""
            case "\\" where quotes: text += "\\\\"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
