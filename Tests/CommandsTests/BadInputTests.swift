import Bundles
import Foundation
import Quantization
import Testing
import TestSupport

/// Frames as the world brings them: each either gives a bundle that codes them, or one message that says what is wrong.
@Suite("Frames of every kind")
struct BadInputTests {
    /// Trains on frames, evaluates, adapts and decodes; returns the evaluated rungs.
    private static func rungs(
        of frames: String, in workspace: Workspace, base: Int = 4, stages: Int = 2
    ) async throws -> [[String: Any]] {
        let bundle = workspace.file("b.weir")
        let training = await CommandRun(
            "train", frames, "-o", bundle, "--base", "\(base)", "--stages", "\(stages)", "--threads", "1")
        try #require(training.status == 0, "\(training.messages)")
        let adapting = await CommandRun("adapt", bundle, "-o", workspace.file("a.weir"))
        #expect(adapting.status == 0, "\(adapting.messages)")
        let evaluation = await CommandRun("evaluate", workspace.file("a.weir"), frames, "--json")
        #expect(evaluation.status == 0, "\(evaluation.messages)")
        let rung = try evaluation.objects("rungs").count - 1
        let encoding = await CommandRun(
            "encode", workspace.file("a.weir"), frames, "--rung", "\(rung)", "-o", workspace.file("f.idx"))
        #expect(encoding.status == 0, "\(encoding.messages)")
        let decoding = await CommandRun(
            "decode", workspace.file("a.weir"), workspace.file("f.idx"), "-o", workspace.file("d.npy"))
        #expect(decoding.status == 0, "\(decoding.messages)")
        let decoded = try FrameArray.read(path: workspace.file("d.npy"))
        #expect(decoded.firstNonFiniteFrame == nil)
        return try evaluation.objects("rungs")
    }

    private static func random(_ count: Int, seed: UInt64 = 1) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    @Test(
        arguments: [
            ([50, 1], "one dimension"), ([12, 4096], "4,096 dimensions"),
            ([6, 256, 16], "hundreds of tokens"),
            ([4, 3], "as many frames as codewords"), ([1, 8, 2], "one frame of several tokens"),
        ])
    func `frames of unusual shapes are coded`(shape: [Int], name: String) async throws {
        let workspace = try Workspace()
        let frames = try workspace.write(
            Self.random(shape.reduce(1, *)), shape: shape, to: "f.npy")
        let errors = try await Self.rungs(of: frames, in: workspace).compactMap { $0["mse"] as? Double }
        #expect(!errors.isEmpty && errors.allSatisfy(\.isFinite), "\(name)")
        #expect(errors == errors.sorted(by: >), "\(name)")
    }

    @Test(arguments: ["shared", "own"])
    func `grids of hundreds of tokens are coded by codebooks of either kind`(kind: String) async throws {
        let workspace = try Workspace()
        let (count, tokens) = (20, 256)
        // A token's values are near its own place, which `own` codebooks learn and shared ones hardly.
        let noise = Self.random(count * tokens * 4)
        let frames = try workspace.write(
            noise.enumerated().map { 0.1 * $1 + Float($0 / 4 % tokens % 17) }, shape: [count, tokens, 4],
            to: "g.npy")
        let bundle = workspace.file("b.weir")
        let training = await CommandRun(
            "train", frames, "-o", bundle, "--token-codebooks", kind, "--base", "8", "--stages", "2")
        #expect(training.status == 0, "\(training.messages)")
        #expect(training.output.contains(kind == "own" ? "own of each token" : "shared by the tokens"))
        let rungs = try await CommandRun("evaluate", bundle, frames, "--json").objects("rungs")
        let expected = try #require(rungs.last?["mse"] as? Double)
        let encoding = await CommandRun(
            "encode", bundle, frames, "--rung", "\(rungs.count - 1)", "-o", workspace.file("g.idx"))
        #expect(encoding.status == 0, "\(encoding.messages)")
        let decoding = await CommandRun(
            "decode", bundle, workspace.file("g.idx"), "-o", workspace.file("d.npy"))
        #expect(decoding.status == 0, "\(decoding.messages)")
        let original = try FrameArray.read(path: frames)
        let decoded = try FrameArray.read(path: workspace.file("d.npy"))
        #expect(decoded.shape == original.shape && decoded.count == count)
        let error = zip(original.values, decoded.values).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }
        #expect(abs(error / Double(original.values.count) / expected - 1) < 1e-6)
        let few = try workspace.write(Self.random(7 * tokens * 4), shape: [7, tokens, 4], to: "few.npy")
        let refused = await CommandRun(
            "train", few, "-o", workspace.file("few.weir"), "--token-codebooks", kind, "--base", "8",
            "--stages", "1")
        #expect(refused.status == (kind == "own" ? 1 : 0))
        if kind == "own" { #expect(refused.messages.hasPrefix("\(few): 7 vectors")) }
    }

    @Test func `a way of token codebooks that is not known is bad usage`() async throws {
        let run = await CommandRun("train", "f.npy", "-o", "b.weir", "--token-codebooks", "each")
        #expect(run.status == 2)
        #expect(run.messages.contains("--token-codebooks: 'each' is not one of auto, shared, own"))
    }

    @Test func `constant dimensions come back as they are`() async throws {
        let workspace = try Workspace()
        let noise = Self.random(100)
        let frames = try workspace.write(
            noise.flatMap { [7, $0, -1e6] as [Float] }, shape: [100, 3], to: "f.npy")
        _ = try await Self.rungs(of: frames, in: workspace)
        let decoded = try FrameArray.read(path: workspace.file("d.npy"))
        for frame in 0..<100 {
            #expect(abs(decoded.values[frame * 3] - 7) < 1e-4)
            #expect(abs(decoded.values[frame * 3 + 2] + 1e6) < 1)
        }
    }

    @Test func `equal frames and one frame are coded without loss`() async throws {
        for count in [1, 30] {
            let workspace = try Workspace()
            let frames = try workspace.write(
                Array(repeating: [1, -2, 3] as [Float], count: count * 4).flatMap(\.self),
                shape: [count, 12],
                to: "f.npy")
            let bundle = workspace.file("b.weir")
            let training = await CommandRun(
                "train", frames, "-o", bundle, "--tokens", "4", "--base", "2", "--stages", "1")
            #expect(training.status == 0, "\(training.messages)")
            let evaluation = await CommandRun("evaluate", bundle, frames, "--json")
            #expect(try evaluation.objects("rungs").allSatisfy { $0["mse"] as? Double == 0 })
        }
    }

    @Test func `more codewords than frames are refused with both numbers`() async throws {
        let workspace = try Workspace()
        let frames = try workspace.write(Self.random(30), shape: [10, 3], to: "f.npy")
        let run = await CommandRun("train", frames, "-o", workspace.file("b.weir"))
        #expect(run.status == 1)
        #expect(run.messages.hasPrefix("\(frames): 10 vectors (frames × tokens) cannot train 256 codewords"))
        #expect(!workspace.exists("b.weir"))
        let comparison = await CommandRun(
            "evaluate", try await Sample.bundle, try await Sample.test, "--against", "kmeans", "--train",
            try workspace.write(Self.random(18), shape: [3, 6], to: "few.npy"))
        #expect(comparison.status == 1)
        #expect(comparison.messages.hasPrefix("\(workspace.file("few.npy")): 3 vectors"))
    }

    @Test(arguments: [Float.nan, .infinity])
    func `a value that is not finite is named by every command`(value: Float) async throws {
        let workspace = try Workspace()
        var values = Self.random(600)
        values[6 * 41 + 2] = value
        let frames = try workspace.write(values, shape: [100, 6], to: "f.npy")
        let bundle = try await Sample.bundle
        let codewords = try workspace.write(Self.random(24), shape: [4, 6], to: "c.npy")
        let output = workspace.file("out")
        for command in [
            ["train", frames, "-o", output], ["evaluate", bundle, frames],
            ["adapt", bundle, "--train", frames, "-o", output],
            ["encode", bundle, frames, "--rung", "0", "-o", output],
            ["import", codewords, "--calibrate", frames, "-o", output],
        ] {
            let run = await CommandRun(command)
            #expect(run.status == 1)
            #expect(
                run.messages == "\(frames): frame 41: NaN or infinite; every value must be finite\n",
                "\(command)")
        }
        #expect(!workspace.exists("out"))
    }

    @Test func `distortions of any size are shown in four digits`() async throws {
        let workspace = try Workspace()
        for (factor, expected) in [(1e-9 as Float, "e-1"), (1, "0."), (1e9, "e1")] {
            let frames = try workspace.write(
                Self.random(300).map { $0 * factor }, shape: [100, 3], to: "f.npy")
            let run = await CommandRun(
                "train", frames, "-o", workspace.file("b.weir"), "--base", "4", "--stages", "1")
            #expect(run.status == 0, "\(run.messages)")
            let lines = run.output.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= 80 })
            #expect(lines.last?.contains(expected) == true, "\(run.output)")
        }
    }

    @Test func `no frames are too few for every command`() async throws {
        let workspace = try Workspace()
        let frames = try workspace.write([], shape: [0, 6], to: "f.npy")
        for command in [
            ["train", frames, "-o", workspace.file("out")], ["evaluate", try await Sample.bundle, frames],
        ] {
            let run = await CommandRun(command)
            #expect(run.status == 1)
            #expect(run.messages == "\(frames): no frames; at least one is needed\n")
        }
    }

    @Test func `float16 and float64 train the bundle that float32 does`() async throws {
        let workspace = try Workspace()
        // Values that float16 holds exactly.
        let values = Self.random(90).map { Float(Float16($0)) }
        let files = [
            try workspace.write(values, shape: [30, 3], to: "4.npy"),
            try workspace.write(
                values: values.flatMap { Workspace.bytes(Float16($0).bitPattern) }, "<f2", shape: [30, 3],
                to: "2.npy"),
            try workspace.write(
                values: values.flatMap { Workspace.bytes(Double($0).bitPattern) }, "<f8", shape: [30, 3],
                to: "8.npy"),
        ]
        var bundles: [[UInt8]] = []
        for file in files {
            let run = await CommandRun(
                "train", file, "-o", workspace.file("b.weir"), "--base", "4", "--stages", "1")
            #expect(run.status == 0, "\(run.messages)")
            bundles.append(try workspace.bytes("b.weir"))
        }
        #expect(bundles[0] == bundles[1] && bundles[0] == bundles[2])
    }

    @Test(
        arguments: [
            (">f4", false, "is big-endian; allowed are '<f2', '<f4' and '<f8'"),
            ("<i4", false, "is not float16, float32 or float64"),
            ("<f4", true, "the array is in Fortran order; only C order is allowed (numpy.ascontiguousarray)"),
        ])
    func `arrays that are laid out otherwise are refused`(type: String, isFortran: Bool, problem: String)
        async throws
    {
        let workspace = try Workspace()
        let frames = try workspace.write(
            values: Array(repeating: 0, count: 4 * 4 * 3), type, isFortran: isFortran, shape: [4, 3],
            to: "f.npy")
        let run = await CommandRun("train", frames, "-o", workspace.file("b.weir"), "--base", "2")
        #expect(run.status == 1)
        #expect(run.messages.hasPrefix("\(frames): ") && run.messages.contains(problem))
    }

    @Test func `float64 values beyond float32 are not finite`() async throws {
        let workspace = try Workspace()
        let frames = try workspace.write(
            values: [1.0, 1e300].flatMap { Workspace.bytes($0.bitPattern) }, "<f8", shape: [2, 1], to: "f.npy"
        )
        let run = await CommandRun("train", frames, "-o", workspace.file("b.weir"), "--base", "2")
        #expect(run.status == 1)
        #expect(run.messages == "\(frames): frame 1: NaN or infinite; every value must be finite\n")
    }
}
