import Bundles
import Foundation
import Quantization
import Testing

@Suite("weir codebook inspect", .serialized)
struct InspectTests {
    @Test func `the table fits a terminal and ends in a bar for each rung`() async throws {
        let run = await CommandRun("inspect", try await Sample.bundle)
        #expect(run.status == 0 && run.messages.isEmpty)
        let lines = run.output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        let header = try #require(lines.firstIndex { $0.contains("rung") && $0.contains("SNR dB") })
        let bars = lines[(header + 1)...].map { $0.filter { $0 == "█" }.count }
        #expect(bars.count > 2 && bars == bars.sorted(), "SNR rises along the ladder")
        #expect(bars.last ?? 0 > bars.first ?? 0)
        for name in [
            "bundle ", "frames ", "stages ", "trained on  600 frames", "statistics  of every stage", "size ",
        ] {
            #expect(lines.contains { $0.hasPrefix(name) }, "\(name)")
        }
    }

    @Test func `only a terminal gets colour, and none where NO_COLOR says so`() async throws {
        let bundle = try await Sample.bundle
        #expect(!(await CommandRun("inspect", bundle).output.contains("\u{1B}")))
        unsafe unsetenv("NO_COLOR")
        let colored = await CommandRun(["inspect", bundle], isTerminal: true)
        unsafe setenv("NO_COLOR", "1", 1)
        let plain = await CommandRun(["inspect", bundle], isTerminal: true)
        unsafe unsetenv("NO_COLOR")
        #expect(colored.output.contains("\u{1B}[34m"))
        #expect(
            colored.output.replacing("\u{1B}[34m", with: "").replacing("\u{1B}[0m", with: "") == plain.output)
        #expect(!plain.output.contains("\u{1B}"))
    }

    @Test func `the JSON says what the bundle holds`() async throws {
        let bundle = try await Sample.bundle
        let run = await CommandRun("inspect", bundle, "--json")
        #expect(run.status == 0)
        let document = try run.json
        for key in [
            "identity", "tokens", "token_dimension", "beam", "stages", "rungs", "training_frames", "seed",
            "adaptation", "has_statistics", "size",
        ] { #expect(document[key] != nil, "\(key)") }
        for rung in try run.objects("rungs") {
            for key in [
                "rung", "sizes", "nominal_bits_per_frame", "coded_bits_per_frame", "mse", "nmse", "snr_db",
            ] {
                #expect(rung[key] != nil, "\(key)")
            }
        }
        let size = try #require(document["size"] as? [String: Any])
        let parts = ["base_bytes", "adapted_bytes", "map_bytes", "table_bytes", "statistics_bytes"]
            .compactMap { size[$0] as? Int }
        #expect(parts.count == 5)
        let total = try #require(size["total_bytes"] as? Int)
        #expect(total == (try FileManager.default.attributesOfItem(atPath: bundle)[.size] as? Int))
        #expect(size["base_bytes"] as? Int == 3 * 16 * Sample.dimension * 4)
        #expect(parts.reduce(0, +) < total)
    }

    @Test func `a bundle's measured SNR is near that of its calibration frames`() async throws {
        let bundle = try await Sample.bundle
        let inspected = try await CommandRun("inspect", bundle, "--json").objects("rungs")
        let evaluated = try await CommandRun("evaluate", bundle, try await Sample.train, "--json").objects(
            "rungs")
        #expect(inspected.count == evaluated.count)
        for (stored, measured) in zip(inspected, evaluated) {
            let stored = try #require(stored["snr_db"] as? Double)
            let measured = try #require(measured["snr_db"] as? Double)
            // With a weight of rate, codes follow the tables: it is measured with those that the rung keeps.
            #expect(abs(stored - measured) < 0.01)
        }
    }

    @Test(arguments: [(1e308, 1e-300), (0.5, 0), (Double.leastNonzeroMagnitude, 1e300), (0, 1)])
    func `figures of any size are shown`(mse: Double, variance: Double) async throws {
        let workspace = try Workspace()
        let codec = try Bundle.read(path: try await Sample.bundle).codec
        let rungs = codec.ladder.rungs.map {
            Rung(sizes: $0.sizes, codedBitsPerFrame: $0.codedBitsPerFrame, mse: mse)
        }
        let quantizer = ResidualQuantizer(
            shape: codec.shape, groups: codec.residual.groups, ladder: Ladder(rungs: rungs),
            tables: codec.tables, beamWidth: codec.residual.beamWidth)
        let bundle = Bundle(
            codec: FrameCodec(normalization: codec.normalization, quantizer: quantizer), statistics: nil,
            provenance: BundleProvenance(frames: 1, seed: 0, adaptation: "none", variance: variance))
        try bundle.write(path: workspace.file("b.weir"))
        for options in [[], ["--json"]] {
            let run = await CommandRun(["inspect", workspace.file("b.weir")] + options)
            #expect(run.status == 0, "\(run.messages)")
            if !options.isEmpty {
                #expect(try run.objects("rungs").allSatisfy { $0["snr_db"] is NSNull })
            }
        }
    }

    @Test func `what is no bundle is refused`() async throws {
        let run = await CommandRun("inspect", try await Sample.test)
        #expect(run.status == 1)
        #expect(run.messages.hasPrefix("\(try await Sample.test): byte 0: the header is said to have"))
    }
}
