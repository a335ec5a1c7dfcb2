#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Whole files as bytes: the one way in which bundles, frames and pictures are read and written.
public enum FileBytes {
    /// Reads a regular file of at most `limit` bytes. Everything else (a directory, a device, a pipe) is refused.
    public static func contents(of path: String, limit: Int) throws(FileError) -> [UInt8] {
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
        var last = 1
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size, last > 0 {
                last = retrying {
                    unsafe read(descriptor, buffer.baseAddress.map { unsafe $0 + filled }, size - filled)
                }
                filled += max(last, 0)
            }
        }
        guard last >= 0 else { throw .system("read the file") }
        guard last > 0 else { throw FileError("the file shrank while it was read") }
        return bytes
    }

    /// Whether there is anything at a path, as far as that can be told.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 || errno != ENOENT
    }

    /// Writes bytes to a path.
    ///
    /// A regular file is replaced as a whole, or left as it was: the bytes go to a temporary file beside it, which
    /// reaches the disk before it takes the name. A link is followed and stays. A device or a pipe is written to
    /// and stays what it is.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        switch try Target(path) {
        case .stream: try writeThrough(bytes, to: path)
        case .file(let path): try replace(path, with: bytes)
        }
    }

    /// Throws what `write` would throw now because of the path, so that nobody works for minutes for a result that
    /// has no place.
    public static func checkWritable(_ path: String) throws(FileError) {
        switch try Target(path) {
        case .stream:
            guard unsafe access(path, W_OK) == 0 else { throw .system("write to it") }
        case .file(let path):
            guard unsafe access(directory(of: path), W_OK | X_OK) == 0 else {
                throw .system("write in the file's directory")
            }
        }
    }

    /// Where bytes for a path go.
    private enum Target {
        /// A device or a pipe.
        case stream
        /// A regular file, or none yet, at this path behind all links.
        case file(String)

        init(_ path: String) throws(FileError) {
            var status = stat()
            guard unsafe lstat(path, &status) == 0 else {
                // What else is wrong with the path shows when its directory is opened.
                self = .file(path)
                return
            }
            var target = path
            if status.st_mode & S_IFMT == S_IFLNK {
                guard unsafe stat(path, &status) == 0 else { throw .system("follow the link") }
                if status.st_mode & S_IFMT == S_IFREG {
                    guard let resolved = unsafe realpath(path, nil) else { throw .system("follow the link") }
                    defer { unsafe free(resolved) }
                    target = unsafe String(cString: resolved)
                }
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG: self = .file(target)
            case S_IFDIR: throw FileError("this is a directory")
            default: self = .stream
            }
        }
    }

    private static func writeThrough(_ bytes: [UInt8], to path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open it for writing") }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor)
    }

    private static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        // Opened first: once the file has its name, nothing but the disk can fail.
        let directory = unsafe open(Self.directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .system("open the file's directory") }
        defer { close(directory) }
        let suffix = String(UInt64.random(in: 0...(.max)), radix: 36)
        let temporary = "\(path).\(suffix).tmp"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system("create the file") }
        do throws(FileError) {
            try fill(descriptor, with: bytes)
            guard unsafe rename(temporary, path) == 0 else { throw .system("rename the written file") }
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
        // Some file systems cannot synchronize a directory and say EINVAL; they have nothing to bring.
        guard fsync(directory) == 0 || errno == EINVAL else { throw .system("bring the rename to the disk") }
    }

    /// Writes a new file, brings it to the disk and closes it.
    private static func fill(_ descriptor: CInt, with bytes: [UInt8]) throws(FileError) {
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor)
        guard fsync(descriptor) == 0 else { throw .system("bring the file to the disk") }
    }

    private static func directory(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: CInt) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                retrying {
                    let rest = unsafe buffer.baseAddress.map { unsafe $0 + written }
                    return unsafe systemWrite(descriptor, rest, buffer.count - written)
                }
            }
            guard count >= 0 else { throw .system("write the file") }
            written += count
        }
    }

    /// The result of a call that is repeated while signals interrupt it.
    private static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}

/// `write` by a name that the type's own method does not hide.
private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}
