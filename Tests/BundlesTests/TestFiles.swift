#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Files that tests read and write.
enum TestFiles {
    /// The folder of this test target in the source tree.
    static let sources = String(#filePath[..<(#filePath.lastIndex(of: "/") ?? #filePath.endIndex)])

    /// The bytes of a file; empty where there is none.
    static func bytes(of path: String) -> [UInt8] {
        guard let file = unsafe fopen(path, "rb") else { return [] }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = unsafe getc(file), byte != EOF {
            bytes.append(UInt8(byte))
        }
        return bytes
    }

    /// Writes a file.
    static func write(_ bytes: [UInt8], to path: String) {
        guard let file = unsafe fopen(path, "wb") else { return }
        for byte in bytes {
            unsafe putc(CInt(byte), file)
        }
        unsafe fclose(file)
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) -> [String] {
        guard let directory = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Runs `body` with the path of a new folder that is removed afterwards.
    static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = "/tmp/weir-bundles-\(String(UInt64.random(in: 0...(.max)), radix: 36))"
        guard unsafe mkdir(folder, 0o700) == 0 else { throw CannotMakeFolder() }
        defer {
            for name in names(in: folder) {
                _ = unsafe unlink("\(folder)/\(name)")
            }
            _ = unsafe rmdir(folder)
        }
        try body(folder)
    }

    /// The environment variable's value.
    static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Runs a shell command and returns its status, 0 for success.
    static func run(_ command: String) -> CInt {
        unsafe system(command)
    }

    struct CannotMakeFolder: Error {}
}
