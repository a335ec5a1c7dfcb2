import Bundles
import Foundation
import Quantization
import Testing
import TestSupport

@Suite("weir codebook import")
struct ImportTests {
    /// A codebook of eight codewords in units far from 1.
    private static let codewords: [Float] = {
        var generator = SeededGenerator(seed: 7)
        return (0..<8 * 3).map { _ in 300 * Float.random(in: -1...1, using: &generator) }
    }()

    private static func safetensors(
        _ tensors: [(name: String, type: String, shape: [Int], bytes: [UInt8])], padding: Int = 0
    ) -> [UInt8] {
        var offset = 0
        let members = tensors.map { tensor in
            let end = offset + tensor.bytes.count
            defer { offset = end }
            return
                #""\#(tensor.name)":{"dtype":"\#(tensor.type)","shape":\#(tensor.shape),"data_offsets":[\#(offset),\#(end)]}"#
        }
        let header = "{" + members.joined(separator: ",") + "}" + String(repeating: " ", count: padding)
        return Workspace.bytes(UInt64(header.utf8.count)) + Array(header.utf8) + tensors.flatMap(\.bytes)
    }

    private static func floats(_ values: [Float]) -> [UInt8] {
        values.flatMap { Workspace.bytes($0.bitPattern) }
    }

    @Test func `frames decode to the user's codewords to the bit`() async throws {
        let workspace = try Workspace()
        let codebook = try workspace.write(Self.codewords, shape: [8, 3], to: "c.npy")
        let bundle = workspace.file("b.weir")
        let run = await CommandRun("import", codebook, "--tokens", "2", "-o", bundle)
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.contains("an estimate"))
        // Frames of two tokens, each near a codeword.
        var generator = SeededGenerator(seed: 3)
        let chosen = (0..<40).map { _ in Int.random(in: 0..<8, using: &generator) }
        let exact = chosen.flatMap { Self.codewords[$0 * 3..<($0 + 1) * 3] }
        let frames = try workspace.write(
            exact.map { $0 + Float.random(in: -0.01...0.01, using: &generator) }, shape: [20, 6], to: "f.npy")
        let encoding = await CommandRun(
            "encode", bundle, frames, "--rung", "0", "-o", workspace.file("f.idx"))
        #expect(encoding.status == 0, "\(encoding.messages)")
        _ = await CommandRun("decode", bundle, workspace.file("f.idx"), "-o", workspace.file("d.npy"))
        let decoded = try FrameArray.read(path: workspace.file("d.npy"))
        #expect(decoded.shape == FrameShape(tokens: 2, tokenDimension: 3))
        #expect(decoded.values == exact)
    }

    @Test func `stages become a ladder of their numbers, better with each`() async throws {
        let workspace = try Workspace()
        let fine = Self.codewords + Self.codewords.map { $0 / 8 } + Self.codewords.map { $0 / 64 }
        let codebook = try workspace.write(fine, shape: [3, 8, 3], to: "c.npy")
        let run = await CommandRun("import", codebook, "-o", workspace.file("b.weir"))
        #expect(run.status == 0, "\(run.messages)")
        let bundle = try Bundle.read(path: workspace.file("b.weir"))
        #expect(bundle.statistics == nil && bundle.calibrationVariance == nil)
        #expect(bundle.codec.ladder.rungs.map(\.sizes) == [[8], [8, 8], [8, 8, 8]])
        let rungs = bundle.codec.ladder.rungs
        #expect(zip(rungs, rungs.dropFirst()).allSatisfy { $0.mse > $1.mse })
        for rung in rungs { #expect(abs(rung.codedBitsPerFrame - rung.nominalBits(tokens: 1)) < 0.01) }
        let inspected = await CommandRun("inspect", workspace.file("b.weir"), "--json")
        #expect(try inspected.objects("rungs").allSatisfy { $0["snr_db"] is NSNull })
    }

    @Test func `calibration gives statistics, adapted codebooks and a measured ladder`() async throws {
        let workspace = try Workspace()
        let trained = try Bundle.read(path: try await Sample.bundle)
        let normalization = trained.codec.normalization
        let base = trained.codec.residual.stages[0].base
        // The trained base codebook in the frames' own units, which is what a user would have.
        let codewords = base.codewords.enumerated().map {
            normalization.mean[$0 % Sample.dimension] + normalization.scale * $1
        }
        let codebook = try workspace.write(codewords, shape: [base.size, Sample.dimension], to: "c.npy")
        let path = workspace.file("b.weir")
        let run = await CommandRun("import", codebook, "--calibrate", try await Sample.train, "-o", path)
        #expect(run.status == 0, "\(run.messages)")
        let bundle = try Bundle.read(path: path)
        #expect(bundle.statistics?.first?.first?.counts.reduce(0, +) == 600)
        let evaluated = try await CommandRun("evaluate", path, try await Sample.train, "--json").objects(
            "rungs")
        for (rung, measured) in zip(bundle.codec.ladder.rungs, evaluated) {
            let mse = try #require(measured["mse"] as? Double)
            // With a weight of rate, codes follow the tables, and these were made of the codes that were measured.
            #expect(abs(rung.mse / mse - 1) < 1e-3)
        }
        // The user's SNR is against the frames' variance around their mean, whatever the scale is.
        let variance = try #require(bundle.calibrationVariance)
        let scale = Double(normalization.scale)
        #expect(abs(variance / (scale * scale) - 1) < 1e-6)
        #expect(run.output.contains("imported    calibrated on 600 frames, adapted by dkm"))
        let adapting = await CommandRun(
            "adapt", path, "--adapt", "dkm", "--sizes", "3,5", "-o", workspace.file("a.weir"))
        #expect(adapting.status == 0, "\(adapting.messages)")
        #expect(try Bundle.read(path: workspace.file("a.weir")).calibrationVariance == variance)
    }

    @Test func `a grid of tokens is calibrated with a codebook of one token`() async throws {
        let workspace = try Workspace()
        var generator = SeededGenerator(seed: 5)
        let frames = (0..<20 * 256).flatMap { _ in
            let index = Int.random(in: 0..<8, using: &generator)
            return Self.codewords[index * 3..<(index + 1) * 3].map {
                $0 + Float.random(in: -9...9, using: &generator)
            }
        }
        let codebook = try workspace.write(Self.codewords, shape: [8, 3], to: "c.npy")
        let grid = try workspace.write(frames, shape: [20, 256, 3], to: "g.npy")
        let run = await CommandRun("import", codebook, "--calibrate", grid, "-o", workspace.file("b.weir"))
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.contains("256×3 values"))
        let flat = try workspace.write(frames, shape: [20, 768], to: "flat.npy")
        let wrong = await CommandRun("import", codebook, "--calibrate", flat, "-o", workspace.file("c.weir"))
        #expect(wrong.status == 1)
        #expect(wrong.messages.contains("give --tokens 256 if a frame is that many tokens"))
        let right = await CommandRun(
            "import", codebook, "--calibrate", flat, "--tokens", "256", "-o", workspace.file("c.weir"))
        #expect(right.status == 0)
        #expect(try workspace.bytes("b.weir") == workspace.bytes("c.weir"))
    }

    @Test(arguments: ["F64", "F32", "F16", "BF16"])
    func `every float type gives the same codebook`(type: String) async throws {
        let workspace = try Workspace()
        // Values that all the types hold exactly.
        let values: [Float] = [1, -2, 0.5, 4, 0.25, -0.75]
        let bytes =
            switch type {
            case "F64": values.flatMap { Workspace.bytes(Double($0).bitPattern) }
            case "F16": values.flatMap { Workspace.bytes(Float16($0).bitPattern) }
            case "BF16": values.flatMap { Workspace.bytes(UInt16($0.bitPattern >> 16)) }
            default: Self.floats(values)
            }
        let file = try workspace.write(Self.safetensors([("e", type, [3, 2], bytes)]), to: "c.safetensors")
        let run = await CommandRun("import", file, "-o", workspace.file("b.weir"))
        #expect(run.status == 0, "\(run.messages)")
        let codec = try Bundle.read(path: workspace.file("b.weir")).codec
        #expect(codec.residual.stages[0].base.codewords.map { $0 * codec.normalization.scale } == values)
    }

    @Test func `other programs' files are read, and their tensor chosen by name`() async throws {
        let workspace = try Workspace()
        // The narrowest first, a type that is not known here, and a header of any length.
        let bytes = Self.safetensors(
            [
                ("mask", "F8_E4M3", [2], [1, 2]), ("steps", "I64", [1], Array(repeating: 0, count: 8)),
                ("vq.embed", "F32", [1, 8, 3], Self.floats(Self.codewords)),
                ("vq.ema", "F32", [8, 3], Self.floats(Self.codewords)),
            ], padding: 3)
        let file = try workspace.write(bytes, to: "model.safetensors")
        let unnamed = await CommandRun("import", file, "-o", workspace.file("b.weir"))
        #expect(unnamed.status == 1)
        #expect(
            unnamed.messages
                == "\(file): several tensors; choose one by --tensor: vq.ema (F32 8×3), vq.embed (F32 1×8×3)\n"
        )
        let wrong = await CommandRun("import", file, "--tensor", "nope", "-o", workspace.file("b.weir"))
        #expect(wrong.status == 1)
        #expect(wrong.messages.contains("there is no tensor nope; there are steps (I64 1), vq.ema"))
        let integers = await CommandRun("import", file, "--tensor", "steps", "-o", workspace.file("b.weir"))
        #expect(integers.status == 1)
        #expect(
            integers.messages
                == "\(file): tensor steps: its dtype is I64; allowed are F64, F32, F16 and BF16\n")
        let named = await CommandRun("import", file, "--tensor", "vq.embed", "-o", workspace.file("b.weir"))
        #expect(named.status == 0, "\(named.messages)")
        #expect(try Bundle.read(path: workspace.file("b.weir")).codec.residual.stages[0].base.size == 8)
    }

    /// The lowest bytes of a header's length may be those that a pickle or an archive begins with.
    @Test(arguments: [128, 384, 0x4B50]) func `a header of any length is no archive`(length: Int) async throws
    {
        let workspace = try Workspace()
        let tensors = [("e", "F32", [8, 3], Self.floats(Self.codewords))]
        let shortest = Self.safetensors(tensors).count - 8 - 4 * Self.codewords.count
        let bytes = Self.safetensors(tensors, padding: length - shortest)
        #expect(bytes.starts(with: Workspace.bytes(UInt64(length))))
        let file = try workspace.write(bytes, to: "c.safetensors")
        let run = await CommandRun("import", file, "-o", workspace.file("b.weir"))
        #expect(run.status == 0, "\(run.messages)")
    }

    @Test(arguments: [1, 5]) func `calibration frames without variance give no SNR`(count: Int) async throws {
        let workspace = try Workspace()
        let codebook = try workspace.write(Self.codewords, shape: [8, 3], to: "c.npy")
        let frames = try workspace.write(
            Array(repeating: [1, 2, 3] as [Float], count: count).flatMap(\.self), shape: [count, 3],
            to: "f.npy")
        let bundle = workspace.file("b.weir")
        let run = await CommandRun("import", codebook, "--calibrate", frames, "-o", bundle)
        #expect(run.status == 0, "\(run.messages)")
        let inspected = await CommandRun("inspect", bundle, "--json")
        #expect(inspected.status == 0, "\(inspected.messages)")
        let rungs = try inspected.objects("rungs")
        #expect(!rungs.isEmpty && rungs.allSatisfy { $0["nmse"] is NSNull && $0["snr_db"] is NSNull })
    }

    @Test func `an import that is adapted on frames is calibrated by them`() async throws {
        let workspace = try Workspace()
        let codebook = try workspace.write(
            Sample.values(count: 16, seed: 5), shape: [16, Sample.dimension], to: "c.npy")
        let bundle = workspace.file("b.weir")
        _ = await CommandRun("import", codebook, "-o", bundle)
        let bare = await CommandRun("adapt", bundle, "-o", workspace.file("a.weir"))
        #expect(bare.status == 1)
        #expect(bare.messages.contains("the trainer's copy of the bundle, or an import with --calibrate"))
        let adapting = await CommandRun(
            "adapt", bundle, "--adapt", "kmeans", "--train", try await Sample.train, "-o",
            workspace.file("a.weir"))
        #expect(adapting.status == 0, "\(adapting.messages)")
        #expect(adapting.output.contains("imported    calibrated on 600 frames, adapted by kmeans"))
        let variance = try #require(try Bundle.read(path: workspace.file("a.weir")).calibrationVariance)
        let trained = try #require(try Bundle.read(path: try await Sample.bundle).calibrationVariance)
        #expect(abs(variance / trained - 1) < 1e-6)
    }

    @Test(
        arguments: [
            ([6], 6, "it has 1 dimensions; a codebook is K × d or stages × K × d"),
            ([1, 6], 6, "1×6: 1 codewords; 2...16384 are allowed"),
            ([16_385, 1], 16_385, "16385×1: 16385 codewords; 2...16384 are allowed"),
            ([17, 2, 1], 34, "17×2×1: 17 stages; 1...16 are allowed"),
            ([2, 65_537], 131_074, "2×65537: codewords of 65537 values; 1...65536 are allowed"),
            ([0, 3], 0, "0×3: 0 codewords; 2...16384 are allowed"),
            ([3, 0], 0, "3×0: codewords of 0 values; 1...65536 are allowed"),
            ([1, 1, 2, 3], 6, "it has 4 dimensions; a codebook is K × d or stages × K × d"),
        ])
    func `arrays of other shapes are refused`(shape: [Int], count: Int, problem: String) async throws {
        let workspace = try Workspace()
        let file = try workspace.write(Array(repeating: 1, count: count), shape: shape, to: "c.npy")
        let run = await CommandRun("import", file, "-o", workspace.file("b.weir"))
        #expect(run.status == 1)
        #expect(run.messages == "\(file): \(problem)\n")
        #expect(!workspace.exists("b.weir"))
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `values that are not finite are refused`(value: Float) async throws {
        let workspace = try Workspace()
        var values = Self.codewords
        values[3 * 4 + 1] = value
        let array = try workspace.write(values, shape: [8, 3], to: "c.npy")
        let run = await CommandRun("import", array, "-o", workspace.file("b.weir"))
        #expect(run.status == 1)
        #expect(
            run.messages == "\(array): codeword 4 has a NaN or infinite value; every value must be finite\n")
        let file = try workspace.write(
            Self.safetensors([("e", "F32", [8, 3], Self.floats(values))]), to: "c.safetensors")
        let other = await CommandRun("import", file, "-o", workspace.file("b.weir"))
        #expect(other.status == 1)
        #expect(other.messages.hasPrefix("\(file): tensor e: element 13 is"))
    }

    @Test(arguments: [1e-30, 1e30, 3e38] as [Float])
    func `values that float32 arithmetic cannot square are refused`(value: Float) async throws {
        let workspace = try Workspace()
        let array = try workspace.write([value, -value, value, value], shape: [2, 2], to: "c.npy")
        let run = await CommandRun("import", array, "-o", workspace.file("b.weir"))
        #expect(run.status == 1)
        #expect(run.messages.hasPrefix("\(array): the values do not fit float32 arithmetic"))
        // With frames too, it is the codebook that is wrong.
        let frames = try workspace.write([1, 2, 3, 4], shape: [2, 2], to: "f.npy")
        let calibrated = await CommandRun(
            "import", array, "--calibrate", frames, "-o", workspace.file("b.weir"))
        #expect(calibrated.status == 1)
        #expect(calibrated.messages == run.messages)
    }

    @Test func `a codebook of zeros and equal codewords is a codebook`() async throws {
        let workspace = try Workspace()
        let array = try workspace.write(Array(repeating: 0, count: 8), shape: [4, 2], to: "c.npy")
        let run = await CommandRun("import", array, "-o", workspace.file("b.weir"))
        #expect(run.status == 0, "\(run.messages)")
        let frames = try workspace.write([1, 2, 3, 4], shape: [2, 2], to: "f.npy")
        let calibrated = await CommandRun(
            "import", array, "--calibrate", frames, "-o", workspace.file("c.weir"))
        #expect(calibrated.status == 0, "\(calibrated.messages)")
    }

    @Test func `frames of another size than the codewords are refused`() async throws {
        let workspace = try Workspace()
        let array = try workspace.write(Self.codewords, shape: [8, 3], to: "c.npy")
        let frames = try workspace.write([1, 2, 3, 4], shape: [1, 4], to: "f.npy")
        let run = await CommandRun("import", array, "--calibrate", frames, "-o", workspace.file("b.weir"))
        #expect(run.status == 1)
        #expect(
            run.messages
                == "\(frames): frames of 1×4 values (tokens × token dimension); the codewords have 3\n")
    }

    @Test(
        arguments: [
            (Array("PK\u{3}\u{4}".utf8), "this is an archive or a pickle"),
            ([0x80, 2, 0x63], "this is an archive"),
            ([], "byte 0: the file has 0 bytes"), (Array("hello, world".utf8), "byte 0: the header is said"),
        ] as [([UInt8], String)])
    func `other files are refused`(bytes: [UInt8], problem: String) async throws {
        let workspace = try Workspace()
        let file = try workspace.write(bytes, to: "c.pt")
        let run = await CommandRun("import", file, "-o", workspace.file("b.weir"))
        #expect(run.status == 1)
        #expect(run.messages.hasPrefix("\(file): \(problem)"))
    }
}
