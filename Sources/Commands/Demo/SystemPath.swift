#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Paths that the system knows.
enum SystemPath {
    /// The file of the running executable.
    static func ofExecutable() throws(CommandFailure) -> String {
        let link = "/proc/self/exe"
        var bytes = [CChar](repeating: 0, count: 4_096)
        let count = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe readlink(link, $0, buffer.count) } ?? -1
        }
        guard count > 0, count < bytes.count else {
            throw CommandFailure(path: link, Console.errorText(errno))
        }
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
