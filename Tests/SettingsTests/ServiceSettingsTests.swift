import Settings
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file's keys say whose settings it holds, and so which errors it has.
@Suite struct ServiceSettingsTests {
    @Test(arguments: [
        ("a.toml", "gateway = 1", "upstream: missing"),
        ("collector.toml", "gateway = 1", "upstream: missing"),
        ("a.toml", "listen = 1", "listen: is an integer"),
        ("collector.toml", "colour = 1", "log_level, report_interval"),
        ("a.toml", "colour = 1", "gateway, upstream"),
    ])
    func keysThenNameDecide(name: String, text: String, message: String) throws {
        var template = Array("/tmp/weir-test-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) }
        }
        let directory = try #require(made)
        let path = "\(directory)/\(name)"
        defer {
            unsafe unlink(path)
            unsafe rmdir(directory)
        }
        guard let file = unsafe fopen(path, "w") else { throw Unreadable(path: path) }
        unsafe fputs(text, file)
        unsafe fclose(file)
        do throws(SettingsErrors) {
            _ = try ServiceSettings.load(path: path)
            Issue.record("the file is taken")
        } catch {
            #expect(error.description.contains(message), "\(error)")
        }
    }
}
