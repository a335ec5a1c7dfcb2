import Settings
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The smallest agent file, with `extra` lines of the root table before the stream.
func agentFile(root: String = "", tables: String = "", stream: String = "") -> String {
    """
    gateway = "g"
    upstream = "localhost:7300"
    \(root)
    \(tables)
    [[stream]]
    name = "s"
    bundle = "/b.weir"
    \(stream)
    """
}

/// What is wrong with an agent file named "a.toml", one line each.
func agentErrors(_ text: String) -> [String] {
    do throws(SettingsErrors) {
        _ = try AgentSettings.parse(Array(text.utf8), file: "a.toml")
        return []
    } catch {
        return error.diagnostics.map(\.description)
    }
}

/// What is wrong with a collector file named "c.toml", one line each.
func collectorErrors(_ text: String) -> [String] {
    do throws(SettingsErrors) {
        _ = try CollectorSettings.parse(Array(text.utf8), file: "c.toml")
        return []
    } catch {
        return error.diagnostics.map(\.description)
    }
}

/// The text of the file at `path`.
func read(_ path: String) throws -> String {
    guard let file = unsafe fopen(path, "r") else { throw Unreadable(path: path) }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
}

/// A file of the repository that is not there.
struct Unreadable: Error {
    let path: String
}
