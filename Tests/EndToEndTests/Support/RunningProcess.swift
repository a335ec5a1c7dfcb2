import Foundation
import Synchronization

/// A program that runs beside the test and is killed with the value, whatever happens.
final class RunningProcess: Sendable {
    private let process: Mutex<Process>
    private let errorPath: String
    private let outputPath: String
    let identifier: Int32

    init(_ path: String, _ arguments: [String], in directory: Workspace, environment: [String: String] = [:])
        throws
    {
        let name = directory.unique(URL(fileURLWithPath: path).lastPathComponent)
        errorPath = directory.file("\(name).err")
        outputPath = directory.file("\(name).out")
        for file in [errorPath, outputPath] { try Data().write(to: URL(fileURLWithPath: file)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorPath))
        try process.run()
        identifier = process.processIdentifier
        self.process = Mutex(process)
    }

    deinit {
        if isRunning { kill(identifier, SIGKILL) }
    }

    var isRunning: Bool { process.withLock { $0.isRunning } }
    var errors: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }
    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(identifier, number) }

    /// Waits for the end; nil if it does not come in time.
    func exitStatus(within limit: Duration = .seconds(60)) async throws -> Int32? {
        guard try await eventually(within: limit, { !self.isRunning }) else { return nil }
        return process.withLock {
            $0.terminationReason == .exit ? $0.terminationStatus : -$0.terminationStatus
        }
    }

    /// Resident memory in bytes, and its highest value so far.
    var residentBytes: (now: Int, peak: Int) {
        let status = (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
        func field(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first).flatMap { Int($0) } ?? 0
        }
        return (field("VmRSS") * 1024, field("VmHWM") * 1024)
    }

    /// Runs a program to its end.
    static func run(_ path: String, _ arguments: [String], in directory: Workspace) async throws
        -> (status: Int32?, output: String, errors: String)
    {
        let process = try RunningProcess(path, arguments, in: directory)
        let status = try await process.exitStatus(within: .seconds(240))
        return (status, process.output, process.errors)
    }
}

/// Looks until `condition` holds; false if it does not within `limit`.
func eventually(within limit: Duration = .seconds(30), _ condition: () throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
        if try condition() { return true }
        guard .now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(10))
    }
}
