#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whole files as bytes.
enum FileBytes {
    /// Reads a regular file of at most `limit` bytes.
    static func contents(of path: String, limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .system("open the file") }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system("read the file's size") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileError("this is not a regular file") }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw FileError("the file has \(size) bytes; at most \(limit) are allowed")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        var filled = 0
        while filled < size {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                retrying {
                    unsafe read(descriptor, buffer.baseAddress.map { unsafe $0 + filled }, size - filled)
                }
            }
            guard count >= 0 else { throw .system("read the file") }
            guard count > 0 else { throw FileError("the file shrank while it was read") }
            filled += count
        }
        return bytes
    }

    /// Replaces a file by bytes, or leaves it as it was: the bytes go to a temporary file beside it, which
    /// reaches the disk before it takes the name.
    static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw FileError("there is something that is not a regular file at this path")
        }
        let suffix = String(UInt64.random(in: 0...(.max)), radix: 36)
        let temporary = "\(path).\(suffix).tmp"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system("create the file") }
        do throws(FileError) {
            try writeAll(bytes, closing: descriptor)
            guard unsafe rename(temporary, path) == 0 else { throw .system("rename the written file") }
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
        try synchronizeDirectory(of: path)
    }

    private static func writeAll(_ bytes: [UInt8], closing descriptor: CInt) throws(FileError) {
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                retrying {
                    let rest = unsafe buffer.baseAddress.map { unsafe $0 + written }
                    return unsafe write(descriptor, rest, buffer.count - written)
                }
            }
            guard count >= 0 else { throw .system("write the file") }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw .system("bring the file to the disk") }
    }

    /// Brings a rename to the disk.
    private static func synchronizeDirectory(of path: String) throws(FileError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open the file's directory") }
        defer { close(descriptor) }
        // Some file systems cannot synchronize a directory and say EINVAL; they have nothing to bring.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system("bring the rename to the disk") }
    }

    /// The result of a call that is repeated while signals interrupt it.
    private static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}
