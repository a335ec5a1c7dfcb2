import Bundles
import Quantization
import Testing

@Suite("weir codebook strip")
struct StripTests {
    @Test func `the copy is smaller and codes to the same bytes`() async throws {
        let workspace = try Workspace()
        let original = try await Sample.bundle
        let copy = workspace.file("copy.weir")
        let run = await CommandRun("strip", original, "-o", copy)
        #expect(run.status == 0)
        #expect(run.output.contains("statistics  none"))
        let bundles = (try Bundle.read(path: original), try Bundle.read(path: copy))
        #expect(bundles.1.serialized().count < bundles.0.serialized().count)
        #expect(bundles.1.identity != bundles.0.identity)
        #expect(bundles.1.codec.ladder == bundles.0.codec.ladder)
        for rung in bundles.0.codec.ladder.rungs.indices {
            var decoded: [[UInt8]] = []
            var coded: [ArraySlice<UInt8>] = []
            for (name, bundle) in [("original", original), ("copy", copy)] {
                let encoding = await CommandRun(
                    "encode", bundle, try await Sample.test, "--rung", "\(rung)", "-o",
                    workspace.file("\(name).idx"))
                #expect(encoding.status == 0)
                let decoding = await CommandRun(
                    "decode", bundle, workspace.file("\(name).idx"), "-o", workspace.file("\(name).npy"))
                #expect(decoding.status == 0)
                decoded.append(try workspace.bytes("\(name).npy"))
                // An .idx file begins with a magic of 8 bytes and the bundle's identity.
                coded.append(try workspace.bytes("\(name).idx").dropFirst(40))
            }
            #expect(decoded[0] == decoded[1])
            #expect(coded[0].count > 20 && coded[0] == coded[1])
        }
    }

    @Test func `a copy of a copy is the copy`() async throws {
        let workspace = try Workspace()
        _ = await CommandRun("strip", try await Sample.bundle, "-o", workspace.file("1.weir"))
        _ = await CommandRun("strip", workspace.file("1.weir"), "-o", workspace.file("2.weir"))
        #expect(try workspace.bytes("1.weir") == workspace.bytes("2.weir"))
    }

    @Test func `a copy cannot be adapted without frames and says so`() async throws {
        let workspace = try Workspace()
        let copy = workspace.file("copy.weir")
        _ = await CommandRun("strip", try await Sample.bundle, "-o", copy)
        let run = await CommandRun("adapt", copy, "-o", workspace.file("out.weir"))
        #expect(run.status == 1)
        #expect(run.messages.hasPrefix("\(copy): the bundle has no calibration statistics"))
        #expect(!workspace.exists("out.weir"))
    }
}
