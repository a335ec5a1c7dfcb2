#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Why a file could not be read or written.
public struct FileError: Error, Hashable, CustomStringConvertible {
    /// What is wrong and what is allowed, without the path.
    public var problem: String

    /// The same.
    public var description: String { problem }

    init(_ problem: String) {
        self.problem = problem
    }

    /// What the system said of the last call.
    static func system(_ action: String) -> FileError {
        let reason = unsafe String(cString: strerror(errno))
        return FileError("cannot \(action): \(reason)")
    }
}
