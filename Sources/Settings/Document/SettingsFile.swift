#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Reading of a settings file's bytes.
enum SettingsFile {
    /// The parser's own bound; one byte more is read so that a longer file is noticed.
    private static let maximumBytes = 1 << 20

    /// The bytes of the regular file at `path`; of a file over 1 MiB, the first 1 MiB + 1.
    static func read(path: String) throws(SettingsErrors) -> [UInt8] {
        // Not blocking: a pipe in place of the file must not hang the start of a service.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else { throw failure(path) }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw SettingsErrors(file: path, message: "cannot be read: not a regular file")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= maximumBytes {
            let limit = min(chunk.count, maximumBytes + 1 - bytes.count)
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe systemRead(descriptor, buffer.baseAddress, limit)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { break }
            bytes.append(contentsOf: chunk.prefix(count))
        }
        return bytes
    }

    private static func failure(_ path: String) -> SettingsErrors {
        let reason = unsafe String(cString: strerror(errno))
        return SettingsErrors(file: path, message: "cannot be read: \(reason)")
    }
}

/// `read` by a name that the type's own method does not hide.
private func systemRead(_ descriptor: CInt, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe read(descriptor, buffer, count)
}
