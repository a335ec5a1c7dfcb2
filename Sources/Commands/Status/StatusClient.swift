#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Asks a status socket, by blocking calls with a time limit.
enum StatusClient {
    private static let agentSocket = "/run/weir/status.sock"
    private static let collectorSocket = "/run/weir-collector/status.sock"
    private static let maximumBytes = 16 << 20

    /// The agent's socket, or the collector's where there is only that one.
    static var defaultSocket: String {
        let isOnlyCollector = unsafe access(agentSocket, F_OK) != 0 && access(collectorSocket, F_OK) == 0
        return isOnlyCollector ? collectorSocket : agentSocket
    }

    /// The body of the answer to a GET request.
    ///
    /// Throws a `CommandFailure` that says why there is none.
    static func get(_ target: String, socket path: String) throws -> String {
        let descriptor = try connect(to: path)
        defer { close(descriptor) }
        let request = "GET \(target) HTTP/1.1\r\nHost: weir\r\nConnection: close\r\n\r\n"
        guard Console.writeRaw(request, to: descriptor) == 0 else {
            throw CommandFailure(path: path, "the daemon closed the connection; it may have too many clients")
        }
        let answer = try receive(from: descriptor, path)
        guard let end = answer.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw CommandFailure(path: path, "the daemon closed the connection; it may have too many clients")
        }
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
        let body = String(decoding: answer[end.upperBound...], as: UTF8.self)
        let length = answer.distance(from: end.upperBound, to: answer.endIndex)
        if let announced = contentLength(head), announced != length {
            throw CommandFailure(
                path: path, "the answer was cut off: \(length) of \(announced) bytes came; try again")
        }
        guard head.hasPrefix("HTTP/1.1 200 ") else {
            let line = head.prefix { !$0.isNewline }
            throw CommandFailure(path: path, "\(line): \(body.filter { !$0.isNewline })")
        }
        return body
    }

    /// The body's length as the head of an answer says it.
    private static func contentLength(_ head: String) -> Int? {
        for line in head.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            return Int(parts[1].filter { $0 != " " })
        }
        return nil
    }

    private static func receive(from descriptor: Int32, _ path: String) throws -> [UInt8] {
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            if count == 0 { return answer }
            if count < 0 {
                if errno == EINTR { continue }
                // A closed connection with what came before is judged by the caller.
                if errno == ECONNRESET { return answer }
                throw CommandFailure(path: path, "the daemon does not answer: \(Console.errorText(errno))")
            }
            answer.append(contentsOf: chunk.prefix(count))
            guard answer.count <= maximumBytes else {
                throw CommandFailure(path: path, "the answer is endless")
            }
        }
    }

    private static func connect(to path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard (1..<capacity).contains(path.utf8.count) else {
            throw CommandFailure(path: path, "the path of a socket has 1 to \(capacity - 1) bytes")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw CommandFailure(path: path, Console.errorText(errno)) }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let result = unsafe withUnsafeBytes(of: address) { bytes in
            let pointer = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            return unsafe systemConnect(descriptor, pointer, socklen_t(bytes.count))
        }
        guard result == 0 else {
            let number = errno
            close(descriptor)
            let reason = Console.errorText(number)
            throw CommandFailure(
                path: path,
                number == ENOENT || number == ECONNREFUSED
                    ? "the daemon is not running (\(reason))" : "cannot connect: \(reason)")
        }
        return descriptor
    }
}

/// `connect` by a name that the type's own method does not hide.
private func systemConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ size: socklen_t)
    -> Int32
{
    guard let address = unsafe address else { return -1 }
    return unsafe connect(descriptor, address, size)
}
