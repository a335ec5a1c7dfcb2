import Collector
import Foundation
import Testing

/// The values of a version 1.0 `.npy` file of `rows` × `columns`, read the slow and obvious way.
private func rows(ofNPY path: String, _ rows: Int, _ columns: Int) throws -> [[UInt8]] {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(Array(bytes.prefix(8)) == [0x93] + Array("NUMPY".utf8) + [1, 0])
    let start = 10 + Int(bytes[8]) + 256 * Int(bytes[9])
    #expect(start % 64 == 0)
    let header = String(decoding: bytes[10..<start], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"))
    #expect(header.hasSuffix("\n"))
    let size = columns * 4
    #expect(bytes.count == start + rows * size)
    return (0..<rows).map { Array(bytes[start + $0 * size..<start + ($0 + 1) * size]) }
}

@Suite struct FrameExporterTests {
    private let directory: Shared
    private var path: String { directory.value.file("frames.sqlite") }
    private var output: String { directory.value.file("out.npy") }

    /// A directory that the suite's functions share.
    private final class Shared: Sendable {
        let value: TemporaryDirectory
        init() throws { value = try TemporaryDirectory() }
    }

    init() async throws {
        directory = try Shared()
        let database = try FrameDatabase(path: path)
        // Out of order and in two runs, as after an outage.
        _ = try await database.insert(batch(key(run: 7), [3, 1, 0, 2]))
        _ = try await database.insert(batch(key(run: 3), 10..<20))
        _ = try await database.insert(batch(key("gw-1", "mel", dimension: 5), 0..<3))
        _ = try await database.insert(batch(key("gw-2", "mel", dimension: 5), 0..<4))
        _ = try await database.insert(batch(key("gw-1", run: 1, "mixed", dimension: 2), 0..<3))
        _ = try await database.insert(batch(key("gw-1", run: 2, "mixed", dimension: 4), 10..<14))
        try database.checkpointAndClose()
    }

    @Test func runsFollowEachOtherWithFramesInOrder() throws {
        let count = try FrameExporter(database: path)
            .export(.init(stream: "press-7"), to: output, index: directory.value.file("out.csv"))
        let sequences: [UInt64] = Array(0..<4) + Array(10..<20)
        #expect(count == sequences.count)
        #expect(try rows(ofNPY: output, 14, 3) == sequences.map { littleEndianBytes(values($0)) })
        let index = try String(contentsOfFile: directory.value.file("out.csv"), encoding: .utf8)
        let lines = index.split(separator: "\n")
        #expect(lines[0] == "row,gateway,run,sequence,agent_time_ns,arrival_time_ns,clock_synced,bundle,rung")
        #expect(lines.count == 15)
        #expect(lines[2] == "1,gw-1,0000000000000007,1,1000000000,1005000000,0,\(bundle),1")
        #expect(lines[5] == "4,gw-1,0000000000000003,10,10000000000,10005000000,1,\(bundle),3")
    }

    @Test func timesBoundTheFrames() throws {
        let request = FrameExporter.Request(
            stream: "press-7", from: TimeBound(nanoseconds: 2_000_000_000), to: TimeBound("12"))
        #expect(try FrameExporter(database: path).export(request, to: output, index: nil) == 4)
        #expect(try rows(ofNPY: output, 4, 3) == [2, 3, 10, 11].map { littleEndianBytes(values($0)) })
    }

    @Test func aGatewayIsChosen() throws {
        let request = FrameExporter.Request(stream: "mel", gateway: "gw-2")
        #expect(try FrameExporter(database: path).export(request, to: output, index: nil) == 4)
    }

    @Test(arguments: [
        (
            FrameExporter.Request(stream: "mel"),
            "several gateways have a stream \"mel\"; choose one by --gateway: gw-1, gw-2"
        ),
        (
            .init(stream: "nothing"),
            "no stream \"nothing\"; there are: gw-1/mel, gw-1/mixed, gw-1/press-7, gw-2/mel"
        ),
        (.init(stream: "mel", gateway: "gw-3"), "no stream \"gw-3/mel\"; there are"),
        (.init(stream: "mixed"), "have several dimensions (2, 4)"),
        (
            .init(stream: "press-7", from: TimeBound(nanoseconds: 1 << 60)),
            "has no frames between --from and --to"
        ),
    ])
    func wrongRequestsSayWhatThereIs(request: FrameExporter.Request, message: String) throws {
        let exporter = try FrameExporter(database: path)
        let error = #expect(throws: ExportFailure.self) {
            try exporter.export(request, to: output, index: nil)
        }
        #expect(error?.description.contains(message) == true)
        #expect(!FileManager.default.fileExists(atPath: output))
    }

    @Test func aFailedExportLeavesTheOldFileAndNoRest() throws {
        let old = Data("old".utf8)
        try old.write(to: URL(fileURLWithPath: output))
        let exporter = try FrameExporter(database: path)
        #expect(throws: ExportFailure.self) {
            try exporter.export(
                .init(stream: "press-7"), to: output, index: directory.value.file("no/such.csv"))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == old)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.value.path)
        #expect(!names.contains { $0.hasSuffix(".tmp") })
    }

    @Test(
        arguments: [
            ("0", 0), ("1.5", 1_500_000_000), ("1795501800", 1_795_501_800_000_000_000),
            ("0.000000001", 1), ("1970-01-01", 0), ("1970-01-01T00:00:01Z", 1_000_000_000),
            ("2026-11-24T06:30:00Z", 1_795_501_800_000_000_000),
            ("2026-11-24 06:30Z", 1_795_501_800_000_000_000),
            ("2000-02-29T23:59:59.25Z", 951_868_799_250_000_000),
        ] as [(String, Int64)])
    func timesAreRead(text: String, nanoseconds: Int64) {
        #expect(TimeBound(text)?.nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        "", "x", "-1", "1.", "1.1234567890", "1e9", "99999999999", "2026-13-01", "2026-02-29", "1900-01-01",
        "2026-11-24T25:00:00Z", "2026-11-24T06:30:00", "2026-11-24T06:30:00Zx", "2026-11-24T06:30:60Z",
        "2026-1-1",
    ])
    func otherTextIsNoTime(text: String) {
        #expect(TimeBound(text) == nil)
    }
}
