import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A producer's connection to an agent's ingest socket, by blocking calls: the agent's back-pressure is felt here.
public struct IngestProducer: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private let dimension: Int
    private var buffer: [UInt8] = []

    private static let bufferSize = 1 << 16
    private static let longestAnswer = 4096

    /// Connects, says which stream comes, and waits for the agent's word.
    ///
    /// - Throws: `CommandFailure` if there is no agent or it refuses the stream.
    public static func connect(
        socket path: String, stream: String, dimension: Int
    ) throws -> IngestProducer {
        var producer = IngestProducer(
            descriptor: try connect(to: path), path: path, dimension: dimension)
        try producer.announce(stream)
        return producer
    }

    private init(descriptor: Int32, path: String, dimension: Int) {
        self.descriptor = descriptor
        self.path = path
        self.dimension = dimension
        buffer.reserveCapacity(Self.bufferSize + 12 + dimension * 4)
    }

    private mutating func announce(_ stream: String) throws {
        buffer.append(contentsOf: try JSONEncoder().encode(Header(stream: stream, dimension: dimension)))
        buffer.append(UInt8(ascii: "\n"))
        try flush()
        guard let answer = readLine() else {
            throw CommandFailure(path: path, "the agent closed the connection")
        }
        guard answer == #"{"ok":true}"# else {
            throw CommandFailure(path: path, "the agent refuses: \(answer)")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Adds a frame; it is sent with others unless `flush()` follows.
    ///
    /// - Parameter timestamp: nanoseconds since 1970, or 0 for the agent's time.
    public mutating func append(_ values: ArraySlice<Float>, timestamp: UInt64) throws {
        precondition(values.count == dimension, "a frame has the dimension that was announced")
        append(UInt32(8 + 4 * dimension))
        append(timestamp)
        for value in values {
            append(value.bitPattern)
        }
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Sends what was added.
    public mutating func flush() throws {
        var start = 0
        while start < buffer.count {
            let sent = unsafe buffer.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
                return unsafe send(
                    descriptor, rest.baseAddress, rest.count, Int32(truncatingIfNeeded: MSG_NOSIGNAL))
            }
            if sent > 0 {
                start += sent
            } else if errno != EINTR {
                throw closedByAgent(errno)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Ends the stream and waits until the agent has read everything.
    public mutating func finish() throws {
        try flush()
        shutdown(descriptor, Int32(SHUT_WR))
        if let answer = readLine() {
            throw CommandFailure(path: path, "the agent stopped reading: \(answer)")
        }
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        var rest = value
        for _ in 0..<MemoryLayout.size(ofValue: value) {
            buffer.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// The agent says why before it closes.
    private func closedByAgent(_ number: Int32) -> CommandFailure {
        let reason = readLine() ?? Console.errorText(number)
        return CommandFailure(path: path, "the agent closed the connection: \(reason)")
    }

    /// A line without its newline, or nil at the end of the connection.
    private func readLine() -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < Self.longestAnswer {
            let count = unsafe recv(descriptor, &byte, 1, 0)
            if count == 1 {
                if byte == UInt8(ascii: "\n") { break }
                line.append(byte)
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    private static func connect(to path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < capacity else {
            throw CommandFailure(path: path, "the path of a socket has at most \(capacity - 1) bytes")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw CommandFailure(path: path, Console.errorText(errno)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                #if canImport(Glibc)
                    unsafe Glibc.connect(descriptor, $0, size)
                #else
                    unsafe Musl.connect(descriptor, $0, size)
                #endif
            }
        }
        guard result == 0 else {
            let number = errno
            close(descriptor)
            throw CommandFailure(path: path, "no agent answers: \(Console.errorText(number))")
        }
        return descriptor
    }
}

private struct Header: Encodable {
    var stream: String
    var dimension: Int
}
