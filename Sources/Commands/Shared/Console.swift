#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The reader of standard output went away: no error, but nothing more to do.
public struct ClosedPipe: Error {}

/// Standard output and standard error of the process, without buffering.
public enum Console {
    /// What takes the text instead of the process, for whoever runs commands within a process of their own.
    @TaskLocal public static var recording: ConsoleRecording?

    /// Writes text and a final newline to standard output.
    ///
    /// Throws `ClosedPipe` when the reader is gone and a `CommandFailure` for any other failure (a full disk).
    public static func output(_ text: String) throws {
        let failure = write(text, to: STDOUT_FILENO)
        if failure == EPIPE { throw ClosedPipe() }
        if failure != 0 { throw CommandFailure("standard output: \(errorText(failure))") }
    }

    /// Writes a message and a final newline to standard error; failures are ignored, there is nowhere to tell them.
    public static func message(_ text: String) {
        _ = write(text, to: STDERR_FILENO)
    }

    /// Whether standard output is a terminal.
    public static var outputIsTerminal: Bool { recording?.isTerminal ?? (isatty(STDOUT_FILENO) == 1) }

    /// Whether standard error is a terminal.
    public static var messagesAreTerminal: Bool { recording?.isTerminal ?? (isatty(STDERR_FILENO) == 1) }

    /// Whether colours may be used on standard output: a terminal, and `NO_COLOR` unset or empty.
    public static var outputHasColor: Bool {
        guard outputIsTerminal else { return false }
        guard let value = unsafe getenv("NO_COLOR") else { return true }
        return unsafe value.pointee == 0
    }

    /// The system's text for an error number.
    public static func errorText(_ number: Int32) -> String {
        unsafe String(cString: strerror(number))
    }

    static func writeRaw(_ text: String, to descriptor: Int32) -> Int32 {
        writeRaw(Array(text.utf8), to: descriptor)
    }

    /// Writes all bytes; returns 0 or the error number.
    static func writeRaw(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        if let recording, recording.take(bytes, of: descriptor) { return 0 }
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes {
                unsafe Platform.write(descriptor, $0.baseAddress, $0.count)
            }
            if written > 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }

    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        writeRaw(text.hasSuffix("\n") ? text : text + "\n", to: descriptor)
    }
}

private enum Platform {
    static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            unsafe Glibc.write(descriptor, bytes, count)
        #else
            unsafe Musl.write(descriptor, bytes, count)
        #endif
    }
}
