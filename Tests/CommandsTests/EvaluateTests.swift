import Foundation
import Testing

@Suite("weir codebook evaluate")
struct EvaluateTests {
    private static let peers = """
        {"faiss": "1.2.3", "options": "", "entries": [
          {"codec": "vq16", "bits_per_frame": 4.0, "mse": 0.5, "snr_db": 9.0},
          {"codec": "rq2x4_beam1", "bits_per_frame": 8, "mse": 0.3, "snr_db": null, "encode_ns_per_frame": 100.5},
          {"codec": "rq1x4_beam5", "bits_per_frame": 4, "mse": 0.45},
          {"codec": "rq2x4_beam5", "bits_per_frame": 8, "mse": 0.25},
          {"codec": "float16_zstd3_blocks64", "bits_per_frame": 900, "mse": 1e-7}]}
        """

    @Test func `each rung has the keys that scripts rely on`() async throws {
        let run = await CommandRun("evaluate", try await Sample.bundle, try await Sample.test, "--json")
        #expect(run.status == 0 && run.messages.isEmpty)
        let rungs = try run.objects("rungs")
        #expect(rungs.count > 2)
        let keys = [
            "rung", "sizes", "nominal_bits_per_frame", "coded_bits_per_frame", "mse", "nmse", "snr_db",
            "used_codewords", "lambda", "encode_ns_per_frame", "encode_ns_per_frame_batch64",
            "decode_ns_per_frame",
        ]
        for (index, rung) in rungs.enumerated() {
            for key in keys { #expect(rung[key] != nil, "\(key)") }
            #expect(rung["dedicated_mse"] == nil)
            #expect(rung["rung"] as? Int == index)
        }
        let bits = rungs.compactMap { $0["coded_bits_per_frame"] as? Double }
        #expect(bits == bits.sorted() && bits.count == rungs.count)
    }

    @Test func `nmse and SNR are the mse against the variance`() async throws {
        let run = await CommandRun("evaluate", try await Sample.bundle, try await Sample.test, "--json")
        let variance = try #require(try run.json["variance"] as? Double)
        for rung in try run.objects("rungs") {
            let mse = try #require(rung["mse"] as? Double)
            let nmse = try #require(rung["nmse"] as? Double)
            let snr = try #require(rung["snr_db"] as? Double)
            #expect(abs(nmse - mse / variance) < 1e-12)
            #expect(abs(snr + 10 * log10(nmse)) < 1e-9)
        }
    }

    @Test func `dedicated codebooks stand beside where asked`() async throws {
        let run = await CommandRun(
            "evaluate", try await Sample.bundle, try await Sample.test, "--json", "--against", "kmeans",
            "--train", try await Sample.train)
        #expect(run.status == 0, "\(run.messages)")
        for rung in try run.objects("rungs") {
            let dedicated = try #require(rung["dedicated_mse"] as? Double)
            let mse = try #require(rung["mse"] as? Double)
            #expect(dedicated > 0 && dedicated < 2 * mse && mse < 2 * dedicated)
            let bits = try #require(rung["dedicated_coded_bits_per_frame"] as? Double)
            let nominal = try #require(rung["nominal_bits_per_frame"] as? Double)
            #expect(bits > nominal / 2 && bits <= nominal + 0.5)
        }
    }

    /// A rung whose first stage is small leaves more to its second than the base codebook would: the codebook that it
    /// is compared with must be trained on that.
    @Test func `dedicated codebooks follow the rung's own earlier stages`() async throws {
        let workspace = try Workspace()
        let bundle = workspace.file("b.weir")
        let training = await CommandRun(
            "train", try await Sample.train, "-o", bundle, "--base", "16", "--stages", "2", "--rungs",
            "2+16,16+16")
        #expect(training.status == 0, "\(training.messages)")
        let run = await CommandRun(
            "evaluate", bundle, try await Sample.train, "--json", "--against", "kmeans", "--train",
            try await Sample.train)
        #expect(run.status == 0, "\(run.messages)")
        let rung = try #require(try run.objects("rungs").first { $0["sizes"] as? [Int] == [2, 16] })
        let mse = try #require(rung["mse"] as? Double)
        let dedicated = try #require(rung["dedicated_mse"] as? Double)
        // Trained after the base codebook of 16, it would be far above.
        #expect(dedicated < mse)
    }

    @Test func `the picture shows each family of peers once`() async throws {
        let workspace = try Workspace()
        let peers = try workspace.write(Self.peers.utf8, to: "peers.json")
        let picture = workspace.file("p.svg")
        let run = await CommandRun(
            "evaluate", try await Sample.bundle, try await Sample.test, "--json", "--plot", picture,
            "--peer-json",
            peers)
        #expect(run.status == 0)
        #expect(try run.objects("peers").count == 5)
        let svg = try workspace.text("p.svg")
        for name in ["Weir", "FAISS VQ", "FAISS RQ beam 1", "FAISS RQ beam 5"] {
            #expect(svg.split(separator: ">\(name)<").count == 2, "\(name)")
        }
        #expect(svg.contains("test.npy: 200 frames"))
        #expect(svg.contains("FAISS 1.2.3"))
        #expect(svg.contains("dedicated") == false)
        // 900 bits would squeeze the ladder's 12 into a corner: a note tells of it.
        #expect(svg.contains("Beyond the picture: float16_zstd3_blocks64 (900 bits, "))
        #expect(!svg.contains(">800<"))
    }

    @Test func `peers that were measured on other frames are noticed`() async throws {
        let workspace = try Workspace()
        let peers = try workspace.write(Self.peers.utf8, to: "peers.json")
        let run = await CommandRun(
            "evaluate", try await Sample.bundle, try await Sample.test, "--peer-json", peers)
        #expect(run.status == 0)
        #expect(run.messages.contains("were they measured on the same frames?"))
        #expect(run.output.contains("rq2x4_beam5"))
    }

    @Test func `frames without variance have no SNR but a table and a picture`() async throws {
        let workspace = try Workspace()
        let frames = try workspace.write(
            Array(repeating: 3, count: 70 * Sample.dimension), shape: [70, Sample.dimension], to: "flat.npy")
        let flat = workspace.file("flat.weir")
        let training = await CommandRun("train", frames, "-o", flat, "--base", "4", "--stages", "2")
        #expect(training.status == 0, "\(training.messages)")
        #expect(training.messages.contains("stay unused"))
        let run = await CommandRun("evaluate", flat, frames, "--json", "--plot", workspace.file("p.svg"))
        #expect(run.status == 0)
        for rung in try run.objects("rungs") {
            #expect(rung["nmse"] is NSNull && rung["snr_db"] is NSNull)
            #expect(rung["mse"] as? Double == 0)
        }
        #expect(try workspace.text("p.svg").contains("there is no SNR"))
    }

    @Test(
        arguments: [
            ("[]", "the whole is of another type"), ("{}", "entries is missing"),
            (#"{"entries": 1}"#, "entries is of another type"),
            (
                #"{"entries": [{"codec": "a", "bits_per_frame": 1, "mse": 1}, {"codec": "b", "mse": 1}]}"#,
                "entries[1].bits_per_frame is missing"
            ),
            (#"{"entries": [{"codec": "a", "bits_per_frame": 1, "mse": null}]}"#, "entries[0].mse is"),
            ("", "this is not JSON"), ("nonsense", "this is not JSON"),
        ])
    func `a file that holds no peers is refused`(text: String, problem: String) async throws {
        let workspace = try Workspace()
        let peers = try workspace.write(text.utf8, to: "peers.json")
        let run = await CommandRun(
            "evaluate", try await Sample.bundle, try await Sample.test, "--peer-json", peers)
        #expect(run.status == 1)
        #expect(run.messages.hasPrefix("\(peers): no results of codecs: \(problem)"), "\(run.messages)")
        #expect(run.output.isEmpty)
    }

    @Test func `a picture that cannot be written is refused before the work`() async throws {
        let run = await CommandRun(
            "evaluate", try await Sample.bundle, try await Sample.test, "--plot", "/no/such/folder/p.svg")
        #expect(run.status == 1)
        #expect(
            run.messages
                == "/no/such/folder/p.svg: cannot write in the file's directory: No such file or directory\n")
    }

    @Test(
        arguments: [
            (["--against", "magic", "--train", "x"], "--against: 'magic' is not available"),
            (["--against", "kmeans"], "--against kmeans: needs --train"),
            (["--train", "x.npy"], "--train: only with --against kmeans"),
        ])
    func `bad usage has status 2`(options: [String], message: String) async throws {
        let run = await CommandRun(["evaluate", "b.weir", "f.npy"] + options)
        #expect(run.status == 2)
        #expect(run.messages.contains(message))
    }
}
