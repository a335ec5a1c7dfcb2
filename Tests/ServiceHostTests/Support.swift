import Logging
import NIOPosix
import ServiceHost
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A directory that is removed, with the files in it, at the end of a test.
struct TemporaryDirectory: ~Copyable {
    let path: String

    init() {
        var template = Array("/tmp/weir-test-XXXXXX".utf8CString)
        path = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) } ?? ""
        }
        precondition(!path.isEmpty, "no temporary directory")
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    deinit {
        if let directory = unsafe opendir(path) {
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                unsafe unlink("\(path)/\(name)")
            }
            unsafe closedir(directory)
        }
        unsafe rmdir(path)
    }
}

/// A Unix socket address of `path`.
func unixAddress(_ path: String) -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    return address
}

/// Calls `bind` or `connect` with a Unix socket address.
func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>?, socklen_t) -> CInt
) -> CInt {
    let address = unixAddress(path)
    return unsafe withUnsafeBytes(of: address) { bytes in
        unsafe body(bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
}

/// A blocking client of a Unix stream socket, with a time limit of 20 s so that a broken test ends.
final class UnixClient {
    let descriptor: CInt

    init?(_ path: String) {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        guard unsafe withAddress(path, { unsafe connect(descriptor, $0, $1) }) == 0 else { return nil }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
    }

    /// What comes until the other end closes, or until `enough` says so.
    func receive(until enough: (String) -> Bool = { _ in false }) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while !enough(String(decoding: bytes, as: UTF8.self)) {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk.prefix(count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    deinit { close(descriptor) }
}

/// Runs blocking code away from the threads that run tasks.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await NIOThreadPool.singleton.runIfActive(body)
}

/// Keeps what is logged.
final class LogRecord: Sendable {
    private let lines = Mutex<[String]>([])

    var messages: [String] { lines.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(record: self) }
    }

    private struct Handler: LogHandler {
        let record: LogRecord
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            record.lines.withLock { $0.append("\(event.level) \(event.message)") }
        }
    }
}

/// Waits until `condition` holds; gives up after 20 s.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<4000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return condition()
}

/// Sets or removes a variable of the environment. Only for exit tests: the environment is the process's.
func setEnvironment(_ name: String, _ value: String?) {
    if let value {
        unsafe setenv(name, value, 1)
    } else {
        unsafe unsetenv(name)
    }
}

/// Whether a variable is in the environment.
func hasEnvironment(_ name: String) -> Bool {
    unsafe getenv(name) != nil
}

/// Whether there is a file at `path`.
func exists(_ path: String) -> Bool {
    unsafe access(path, F_OK) == 0
}
