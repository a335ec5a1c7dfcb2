import Foundation
import Synchronization

/// A temporary directory, short enough for socket paths, that goes away with the value.
final class Workspace: Sendable {
    let path: String
    private let count = Mutex(0)

    init() throws {
        path = "/tmp/weir-e2e-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func unique(_ name: String) -> String {
        count.withLock { count in
            count += 1
            return "\(name)-\(count)"
        }
    }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }
}
