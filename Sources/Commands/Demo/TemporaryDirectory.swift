#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A new directory for the demo's files.
struct TemporaryDirectory {
    /// Its path; short, since sockets live in it.
    let path: String

    /// Makes a directory that only this user can read.
    init() throws(CommandFailure) {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/weir-demo-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer {
            unsafe $0.baseAddress.map { unsafe mkdtemp($0) != nil } ?? false
        }
        guard made else { throw CommandFailure(path: base, Console.errorText(errno)) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes the directory with all in it.
    func remove() {
        Self.remove(path)
    }

    /// Removes what `path` names: a file, or a directory after all in it. Links are not followed.
    private static func remove(_ path: String) {
        if unsafe unlink(path) == 0 { return }
        if let directory = unsafe opendir(path) {
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                        unsafe String(cString: $0)
                    }
                }
                if name != ".", name != ".." { remove("\(path)/\(name)") }
            }
            unsafe closedir(directory)
        }
        unsafe rmdir(path)
    }

    /// The path of a file in the directory.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a directory in it.
    func directory(_ name: String) throws(CommandFailure) -> String {
        let path = file(name)
        guard unsafe mkdir(path, 0o700) == 0 else {
            throw CommandFailure(path: path, Console.errorText(errno))
        }
        return path
    }
}
