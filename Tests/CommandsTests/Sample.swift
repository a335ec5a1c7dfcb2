import Bundles
import Foundation
import Quantization
import Testing
import TestSupport

/// Frames of a mixture, and a small bundle trained on them once for all tests.
enum Sample {
    static let dimension = 6

    /// Frames near one of twelve centres, each a different way off.
    static func values(count: Int, seed: UInt64) -> [Float] {
        var centres = SeededGenerator(seed: 99)
        let means = (0..<12 * dimension).map { _ in Float.random(in: -4...4, using: &centres) }
        var generator = SeededGenerator(seed: seed)
        return (0..<count).flatMap { _ -> [Float] in
            let centre = Int.random(in: 0..<12, using: &generator)
            return (0..<dimension).map {
                means[centre * dimension + $0] + Float.random(in: -1...1, using: &generator)
            }
        }
    }

    private static let training = Task { () -> Workspace in
        let workspace = try Workspace()
        let train = try workspace.write(
            values(count: 600, seed: 1), shape: [600, dimension], to: "train.npy")
        _ = try workspace.write(values(count: 200, seed: 2), shape: [200, dimension], to: "test.npy")
        let run = await CommandRun(
            "train", train, "-o", workspace.file("b.weir"), "--base", "16", "--stages", "3", "--threads", "1")
        try #require(run.status == 0, "\(run.messages)")
        return workspace
    }

    /// The bundle's path.
    static var bundle: String { get async throws { try await training.value.file("b.weir") } }

    /// The paths of frames to train and to test with.
    static var train: String { get async throws { try await training.value.file("train.npy") } }
    static var test: String { get async throws { try await training.value.file("test.npy") } }
}
