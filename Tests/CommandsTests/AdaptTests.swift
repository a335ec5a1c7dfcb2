import Bundles
import Quantization
import Testing

@Suite("weir codebook adapt")
struct AdaptTests {
    @Test(
        arguments: [
            (["--adapt", "magic"], "--adapt: no method magic here; available are "),
            (["--adapt", "kmeans"], "--adapt kmeans: needs frames; give --train FRAMES.npy"),
            (["--sizes", "4,,8"], "--sizes: '4,,8' is not a list of sizes such as 16,32,64"),
            (["--sizes", "1"], "--sizes: '1' is not a list of sizes such as 16,32,64"),
            (["--threads", "0"], "--threads: 0 is not in 1...1024"),
        ])
    func `bad usage has status 2 and touches no file`(options: [String], message: String) async throws {
        let workspace = try Workspace()
        let run = await CommandRun(["adapt", "b.weir", "-o", workspace.file("out.weir")] + options)
        #expect(run.status == 2)
        #expect(run.messages.contains(message), "\(run.messages)")
        #expect(!workspace.exists("out.weir"))
    }

    @Test func `frames of another dimension are refused`() async throws {
        let workspace = try Workspace()
        let frames = try workspace.write([1, 2, 3, 4], shape: [1, 4], to: "f.npy")
        let run = await CommandRun(
            "adapt", try await Sample.bundle, "--train", frames, "-o", workspace.file("out.weir"))
        #expect(run.status == 1)
        #expect(run.messages == "\(frames): frames of 1×4 values; the bundle's frames have 1×6\n")
    }

    @Test func `sizes are what was asked for, from statistics and from frames`() async throws {
        let workspace = try Workspace()
        for options in [[], ["--train", try await Sample.train]] {
            let output = workspace.file("out.weir")
            let run = await CommandRun(
                ["adapt", try await Sample.bundle, "--sizes", "3,7", "-o", output] + options)
            #expect(run.status == 0, "\(run.messages)")
            for stage in try Bundle.read(path: output).codec.residual.stages {
                #expect(stage.adapted.keys.sorted() == [3, 7])
            }
        }
    }

    @Test func `a missing bundle is named`() async throws {
        let workspace = try Workspace()
        let run = await CommandRun("adapt", "/no/such.weir", "-o", workspace.file("out.weir"))
        #expect(run.status == 1)
        #expect(run.messages.hasPrefix("/no/such.weir: cannot open the file"))
    }
}
