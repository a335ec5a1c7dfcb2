import Foundation

/// Where the executables and the package are.
enum Programs {
    /// The directory of the running test bundle, which the executables are built into too.
    static let directory: String = {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let testing = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? executable
        return URL(fileURLWithPath: testing).deletingLastPathComponent().path
    }()

    static let weir = "\(directory)/weir"
    static let agent = "\(directory)/weir-agent"
    static let collector = "\(directory)/weir-collector"

    /// The package's root.
    static let package: String = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static let trainFrames = "\(package)/Examples/imu192-train.npy"
}
