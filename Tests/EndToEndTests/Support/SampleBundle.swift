import Foundation
import Testing

/// A small bundle trained once for all tests, from the sample frames.
enum SampleBundle {
    static let stages = 4
    static let dimension = 192

    private static let training = Task { () -> (workspace: Workspace, path: String) in
        let workspace = try Workspace()
        let path = workspace.file("sample.weir")
        let result = try await RunningProcess.run(
            Programs.weir,
            ["codebook", "train", Programs.trainFrames, "-o", path, "--stages", "\(stages)", "--base", "32"],
            in: workspace)
        try #require(result.status == 0, "\(result.errors)")
        return (workspace, path)
    }

    /// The bundle's path.
    static func path() async throws -> String { try await training.value.path }

    /// The sample frames as `weir codebook` encodes and decodes them at a rung.
    static func decoded(rung: Int, in workspace: Workspace) async throws -> [[UInt8]] {
        let bundle = try await path()
        let codes = workspace.file("\(rung).idx")
        let output = workspace.file("\(rung).npy")
        let encoding = try await RunningProcess.run(
            Programs.weir,
            ["codebook", "encode", bundle, Programs.trainFrames, "--rung", "\(rung)", "-o", codes],
            in: workspace)
        try #require(encoding.status == 0, "\(encoding.errors)")
        let decoding = try await RunningProcess.run(
            Programs.weir, ["codebook", "decode", bundle, codes, "-o", output], in: workspace)
        try #require(decoding.status == 0, "\(decoding.errors)")
        return try rows(ofNPY: output)
    }

    /// The rows of a version 1.0 `.npy` file of little-endian float32, as bytes.
    static func rows(ofNPY path: String) throws -> [[UInt8]] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let start = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
        let size = dimension * 4
        return stride(from: start, to: bytes.count, by: size).map {
            Array(bytes[$0..<min($0 + size, bytes.count)])
        }
    }
}
