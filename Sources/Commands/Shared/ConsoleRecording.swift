import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What commands print, kept as text: see ``Console/recording``.
public final class ConsoleRecording: Sendable {
    /// Whether commands take it for a terminal.
    public let isTerminal: Bool
    private let texts = Mutex((output: [UInt8](), messages: [UInt8]()))

    /// Starts empty.
    public init(isTerminal: Bool = false) {
        self.isTerminal = isTerminal
    }

    /// What went to standard output so far.
    public var output: String { texts.withLock { String(decoding: $0.output, as: UTF8.self) } }

    /// What went to standard error so far.
    public var messages: String { texts.withLock { String(decoding: $0.messages, as: UTF8.self) } }

    /// Keeps bytes of a standard stream; false where the descriptor is none.
    func take(_ bytes: [UInt8], of descriptor: Int32) -> Bool {
        switch descriptor {
        case STDOUT_FILENO: texts.withLock { $0.output += bytes }
        case STDERR_FILENO: texts.withLock { $0.messages += bytes }
        default: return false
        }
        return true
    }
}
