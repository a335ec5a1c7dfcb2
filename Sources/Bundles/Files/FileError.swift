#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why a file could not be read or written.
struct FileError: Error {
    var problem: String

    init(_ problem: String) {
        self.problem = problem
    }

    /// What the system said of the last call.
    static func system(_ action: String) -> FileError {
        let reason = unsafe String(cString: strerror(errno))
        return FileError("cannot \(action): \(reason)")
    }
}
