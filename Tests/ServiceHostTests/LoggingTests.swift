import Logging
import ServiceHost
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct LoggingTests {
    private static func event(_ message: String, _ metadata: Logger.Metadata) -> LogEvent {
        LogEvent(
            level: .warning, message: "\(message)", metadata: metadata, source: "Test",
            file: "Room/File.swift",
            function: "f()", line: 7)
    }

    @Test func eventsAreLines() throws {
        var ends: [CInt] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { close(ends[0]) }
        var logger = Logger(label: "weir-agent") { [write = ends[1]] _ in LineLogHandler(descriptor: write) }
        logger.logLevel = .debug
        logger[metadataKey: "gateway"] = "hall 3"
        logger.trace("not shown")
        logger.info("hello", metadata: ["stream": "press-7", "reason": "a \"b\"\nc", "empty": ""])
        logger.debug("two\nlines\u{1B}[31m")
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(ends[0], $0.baseAddress, $0.count) }
        let lines = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 2)
        let stamp = try Regex(#"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z "#)
        #expect(lines.allSatisfy { $0.prefixMatch(of: stamp) != nil })
        #expect(
            lines.map { $0.replacing(stamp, with: "") } == [
                #"info hello empty="" gateway="hall 3" reason="a \"b\"\nc" stream=press-7"#,
                #"debug two\nlines\u{1b}[31m gateway="hall 3""#,
            ])
    }

    @Test func journalEntriesHaveFields() {
        let event = Self.event("queue full", ["queue-delay": "12", "stream": "press 7"])
        let fields = JournalLogHandler.fields(
            of: event, metadata: ["gateway": "g", "stream": "overridden"], identifier: "weir-agent")
        #expect(
            fields == [
                #"MESSAGE=queue full gateway=g queue-delay=12 stream="press 7""#, "PRIORITY=4",
                "SYSLOG_IDENTIFIER=weir-agent", "CODE_FILE=Room/File.swift", "CODE_LINE=7", "CODE_FUNC=f()",
                "WEIR_GATEWAY=g", "WEIR_QUEUE_DELAY=12", "WEIR_STREAM=press 7",
            ])
    }

    /// More fields than one message can hold: the journal refuses the entry, be there a journal or not.
    @Test func whatTheJournalRefusesKeepsTheLoggersMetadata() throws {
        var ends: [CInt] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { close(ends[0]) }
        var handler = JournalLogHandler(
            identifier: "weir-test", fallback: LineLogHandler(descriptor: ends[1]))
        handler[metadataKey: "gateway"] = "hall 3"
        for number in 0..<1_100 { handler[metadataKey: "k\(number)"] = "1" }
        handler.log(event: Self.event("queue full", ["stream": "press-7"]))
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(ends[0], $0.baseAddress, $0.count) }
        let line = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        #expect(line.contains(#" warning queue full gateway="hall 3" k0=1 "#))
        #expect(line.hasSuffix(" stream=press-7\n"))
    }

    /// `JOURNAL_STREAM` counts only while the descriptor is the very stream that it names.
    @Test func theJournalIsKnownByItsInode() throws {
        var ends: [CInt] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        var information = stat()
        #expect(unsafe fstat(ends[1], &information) == 0)
        let stream = "\(information.st_dev):\(information.st_ino)"
        #expect(ServiceLog.isJournal(ends[1], stream: stream))
        for wrong in [nil, "", "1", "\(information.st_dev):\(information.st_ino + 1)", "x:y", stream + ":1"] {
            #expect(!ServiceLog.isJournal(ends[1], stream: wrong))
        }
        #expect(!ServiceLog.isJournal(-1, stream: stream))
    }
}
