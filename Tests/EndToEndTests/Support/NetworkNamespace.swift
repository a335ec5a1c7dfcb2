import Foundation
import Testing

/// A network of its own for the programs of a test. Needs root.
final class NetworkNamespace: Sendable {
    private let name: String

    private static let program = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Whether this process may make one; tried once.
    static let isPossible: Bool = {
        guard geteuid() == 0, let program else { return false }
        let name = "weir-try-\(UInt32.random(in: .min ... .max))"
        guard run(program, ["netns", "add", name]) else { return false }
        return run(program, ["netns", "delete", name])
    }()

    init() throws {
        name = "weir-\(UInt32.random(in: .min ... .max))"
        let program = try #require(Self.program)
        try #require(Self.run(program, ["netns", "add", name]))
    }

    deinit {
        // Programs in it keep it alive until they end.
        if let program = Self.program { _ = Self.run(program, ["netns", "delete", name]) }
    }

    /// Runs `ip` in the namespace.
    func ip(_ arguments: String) throws {
        let program = try #require(Self.program)
        let all = ["-n", name] + arguments.split(separator: " ").map(String.init)
        try #require(Self.run(program, all), "ip \(arguments)")
    }

    /// The command that runs a program in the namespace, in the place of `ip`'s own process.
    func command(_ path: String, _ arguments: [String]) -> (path: String, arguments: [String]) {
        (Self.program ?? "ip", ["netns", "exec", name, path] + arguments)
    }

    private static func run(_ path: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
