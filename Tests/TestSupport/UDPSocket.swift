import Foundation

/// A UDP socket on loopback.
public final class UDPSocket {
    private let descriptor: Int32

    /// The port that it is bound to.
    public let port: Int

    /// Opens a socket on a free port; throws the system's error.
    public init() throws {
        descriptor = socket(
            AF_INET,
            Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        var address = Self.address(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                let bound = unsafe bind(descriptor, $0, size)
                return unsafe bound == 0 ? getsockname(descriptor, $0, &size) : bound
            }
        }
        guard result == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        close(descriptor)
    }

    /// Sends one datagram to a loopback port.
    public func send(_ bytes: [UInt8], to port: Int) {
        var address = Self.address(port: port)
        let descriptor = descriptor
        _ = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bytes.withUnsafeBytes {
                    unsafe sendto(
                        descriptor, $0.baseAddress, $0.count, 0, address,
                        socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }

    /// The next datagram and the port that it came from; nil if none comes within half a minute.
    public func receive() async throws -> (bytes: [UInt8], port: Int)? {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            var bytes: [UInt8] = Array(repeating: 0, count: 2_000)
            var address = Self.address(port: 0)
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let descriptor = descriptor
            let count = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe recvfrom(descriptor, &bytes, bytes.count, 0, $0, &size)
                }
            }
            if count >= 0 { return (Array(bytes[..<count]), Int(UInt16(bigEndian: address.sin_port))) }
            try await Task.sleep(for: .milliseconds(2))
        }
        return nil
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
