import Foundation
import Testing

/// A blocking client of a Unix socket; reads give up after some seconds.
final class UnixClient {
    private let descriptor: Int32

    init(_ path: String, timeout: Int = 10) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result != 0 { throw ConnectFailure(path: path, number: errno) }
    }

    /// Nobody answers at the path; what tests that wait for somebody expect.
    struct ConnectFailure: Error {
        let path: String
        let number: Int32
    }

    deinit {
        close(descriptor)
    }

    /// Sends bytes; false if the other end is gone or does not read.
    @discardableResult
    func send(_ bytes: some Sequence<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// No more comes from here.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What comes until the end of the connection.
    func readToEnd() -> String {
        var all: [UInt8] = []
        while let bytes = read(), !bytes.isEmpty { all += bytes }
        return String(decoding: all, as: UTF8.self)
    }

    /// A line without its end.
    func readLine() -> String {
        var line: [UInt8] = []
        while let bytes = read(1), let byte = bytes.first, byte != 10 { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    private func read(_ count: Int = 65_536) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let received = unsafe bytes.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        return received < 0 ? nil : Array(bytes.prefix(received))
    }
}

/// A producer as a stranger would write it.
enum Producer {
    static func header(_ stream: String, _ dimension: Int) -> [UInt8] {
        Array("{\"stream\":\"\(stream)\",\"dimension\":\(dimension)}\n".utf8)
    }

    static func record(_ values: [Float], byteCount: UInt32? = nil) -> [UInt8] {
        littleEndian(byteCount ?? UInt32(8 + 4 * values.count)) + littleEndian(UInt64(0))
            + values.flatMap { littleEndian($0.bitPattern) }
    }

    static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
