private import CSystemd
public import Logging

/// Logs each event to the journal, with the metadata as fields of their own.
public struct JournalLogHandler: LogHandler {
    /// Added to every event.
    public var metadata: Logger.Metadata = [:]
    /// The least severe level that is logged.
    public var logLevel: Logger.Level = .info
    private let identifier: String
    private let fallback: LineLogHandler

    /// Creates a handler; `identifier` is what `journalctl -t` selects by, and `fallback` gets the events that
    /// the journal refuses.
    public init(identifier: String, fallback: LineLogHandler = LineLogHandler()) {
        self.identifier = identifier
        self.fallback = fallback
    }

    /// One item of the metadata added to every event.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Sends one entry; where the journal does not take it, it goes to the fallback.
    public func log(event: LogEvent) {
        guard !send(Self.fields(of: event, metadata: metadata, identifier: identifier)) else { return }
        var line = fallback
        line.metadata.merge(metadata) { _, own in own }
        line.log(event: event)
    }

    /// The journal fields of an event, each `NAME=value`. A metadata item `queue-delay` becomes
    /// `WEIR_QUEUE_DELAY`, apart from the journal's own names.
    public static func fields(of event: LogEvent, metadata: Logger.Metadata, identifier: String) -> [String] {
        let all = metadata.merging(event.metadata ?? [:]) { _, event in event }
        return [
            "MESSAGE=\(event.text(adding: metadata))", "PRIORITY=\(priority(event.level))",
            "SYSLOG_IDENTIFIER=\(identifier)", "CODE_FILE=\(event.file)", "CODE_LINE=\(event.line)",
            "CODE_FUNC=\(event.function)",
        ] + all.sorted { $0.key < $1.key }.map { "\(fieldName($0.key))=\($0.value)" }
    }

    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// The journal allows A to Z, 0 to 9 and _, 64 bytes at most.
    private static func fieldName(_ key: String) -> String {
        let name = key.uppercased().utf8.prefix(59).map { byte in
            let isAllowed = (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
            return Character(UnicodeScalar(isAllowed ? byte : 0x5F))
        }
        return "WEIR_" + String(name)
    }

    private func send(_ fields: [String]) -> Bool {
        let encoded = fields.map { Array($0.utf8) }
        var bytes = encoded.flatMap { $0 }
        return unsafe bytes.withUnsafeMutableBytes { buffer in
            var offset = 0
            var vectors: [iovec] = unsafe []
            for field in encoded {
                unsafe vectors.append(
                    iovec(iov_base: buffer.baseAddress.map { unsafe $0 + offset }, iov_len: field.count))
                offset += field.count
            }
            return unsafe sd_journal_sendv(vectors, CInt(vectors.count)) == 0
        }
    }
}
