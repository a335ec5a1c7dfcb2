#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whole files of bytes, as commands read and write them.
public enum Files {
    /// The bytes of a regular file of at most `limit` bytes.
    public static func read(_ path: String, limit: Int = 1 << 32) throws(CommandFailure) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure(path: path, Console.errorText(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw CommandFailure(path: path, Console.errorText(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure(path: path, "not a regular file")
        }
        guard status.st_size <= limit else {
            throw CommandFailure(path: path, "\(status.st_size) bytes; at most \(limit) are read")
        }
        var bytes: [UInt8] = Array(repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let got = unsafe bytes.withUnsafeMutableBytes { memory in
                unsafe readBytes(descriptor, memory.baseAddress?.advanced(by: count), memory.count - count)
            }
            if got == 0 { break }
            if got > 0 {
                count += got
            } else if errno != EINTR {
                throw CommandFailure(path: path, Console.errorText(errno))
            }
        }
        return Array(bytes[..<count])
    }

    /// Replaces a file atomically: afterwards it holds all the bytes, or what it held before.
    public static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CommandFailure(path: path, Console.errorText(errno)) }
        var failure = Console.writeRaw(bytes, to: descriptor)
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        if failure == 0, unsafe rename(temporary, path) != 0 { failure = errno }
        guard failure == 0 else {
            unsafe unlink(temporary)
            throw CommandFailure(path: path, Console.errorText(failure))
        }
    }
}

private func readBytes(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe read(descriptor, bytes, count)
}
