#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file that is written in pieces and appears at its path only when it is whole.
struct ReplacingFile: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isCommitted = false
    private static let bufferSize = 1 << 16

    /// Creates the temporary file beside `path`.
    init(path: String) throws(ExportFailure) {
        self.path = path
        temporaryPath = "\(path).\(getpid()).tmp"
        descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ExportFailure("\(path): cannot be created: \(Self.systemError())")
        }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit {
        close(descriptor)
        if !isCommitted { unsafe unlink(temporaryPath) }
    }

    /// Appends bytes.
    mutating func append(_ bytes: some Sequence<UInt8>) throws(ExportFailure) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Puts the whole file, once it is on the disk, in the place of `path`.
    mutating func commit() throws(ExportFailure) {
        try flush()
        guard fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0 else {
            throw ExportFailure("\(path): cannot be written: \(Self.systemError())")
        }
        isCommitted = true
    }

    private mutating func flush() throws(ExportFailure) {
        var start = 0
        while start < buffer.count {
            let written = unsafe buffer.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
                return unsafe write(descriptor, rest.baseAddress, rest.count)
            }
            if written > 0 {
                start += written
            } else if errno != EINTR {
                throw ExportFailure("\(path): cannot be written: \(Self.systemError())")
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func systemError() -> String {
        unsafe String(cString: strerror(errno))
    }
}
