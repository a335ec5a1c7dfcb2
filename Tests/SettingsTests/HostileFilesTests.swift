import Settings
import Testing

/// No bytes may crash the process: a broken file is an error with a position.
@Suite struct HostileFilesTests {
    static let rich = agentFile(
        root: #"log_level = "info" # comment"#,
        tables: """
            [link]
            start_rate = '64kbit/s'
            [ingest]
            mode = \"""
            0660\"""
            """,
        stream:
            "weight = 1.5e0\nmax_distortion = 0x10\ndate = 1979-05-27T07:32:00Z\nlist = [1, [2, {a.b = true}]]"
    )

    private static func parse(_ bytes: [UInt8]) -> [SettingsDiagnostic] {
        do throws(SettingsErrors) {
            _ = try AgentSettings.parse(bytes, file: "f")
            return []
        } catch {
            return error.diagnostics
        }
    }

    private static func hasControls(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    @Test func everyTruncationGivesPositions() {
        let bytes = Array(Self.rich.utf8)
        for length in 0..<bytes.count {
            let errors = Self.parse(Array(bytes.prefix(length)))
            #expect(errors.allSatisfy { $0.position != nil }, "length \(length)")
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func mutatedBytesNeverCrash(seed: UInt64) {
        var random = SplitMix(state: seed)
        let interesting =
            Array("[]{}\"'\\=.,#\n\r\t 0123456789eExXo_-+:TZ\0\u{7F}\u{E9}\u{2028}".utf8) + [
                0xFF, 0xC0, 0xED, 0x80,
            ]
        for round in 0..<5_000 {
            var bytes = Array(Self.rich.utf8)
            for _ in 0..<(1 + Int(random.next() % 8)) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes[place] = interesting[Int(random.next() % UInt64(interesting.count))]
                case 2: bytes.insert(interesting[Int(random.next() % UInt64(interesting.count))], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + Int(random.next() % 16)))
                }
            }
            let errors = Self.parse(bytes)
            #expect(errors.allSatisfy { $0.position != nil }, "seed \(seed), round \(round)")
            #expect(!errors.contains { Self.hasControls($0.description) }, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: [
        ("a = 99999999999999999999", "f:1:25: "), ("a = 1\na = 2", "f:2:5: "), ("a = ", "f:1:5: "),
        ("[a]\n[a]", "f:2:1: "), ("a.b = 1\n[a]\nb = 2", "f:2:1: "), ("a = \"\\q\"", "f:1:7: "),
        ("a = 1 b = 2", "f:1:7: "), ("x = 2026-13-01", "f:1:"),
        // Bytes for which the parser only has assertions.
        ("a = 1\nx = 2026-01-01 x\ny = 2\n", "f:2:"), ("a = 1\n= 2\n", "f:2:"), ("a = 1\nb = {=}\n", "f:2:"),
    ])
    func syntaxErrorsHaveTheirPlace(text: String, place: String) throws {
        let errors = Self.parse(Array(text.utf8))
        #expect(errors.count == 1)
        let error = try #require(errors.first)
        #expect(error.description.hasPrefix(place), "\(error)")
        #expect(error.key == nil)
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(Self.parse([0xFF, 0xFE, 0x00]).count == 1)
        #expect(Self.parse(Array("a = \"".utf8) + [0xC3, 0x28] + Array("\"".utf8)).count == 1)
    }

    @Test(arguments: [
        (String(repeating: "[", count: 100_000), "f:1:"),
        ("a = " + String(repeating: "[", count: 100_000), "f:1:"),
        ("a = " + String(repeating: "{a=", count: 100_000), "f:1:"),
        (String(repeating: "a.", count: 400_000) + "a = 1", "f:1:1: more than 100 dots on one line"),
        (
            "#" + String(repeating: ".", count: 101),
            "f:1:1: more than 100 dots on one line, those in strings and comments counted too; allowed: 100"
        ),
        ("\n[" + String(repeating: "a.", count: 90) + "a]", "f:2:"),
        ("a = [" + String(repeating: "1,", count: 70_000) + "]", "f:1:"),
        (String(repeating: "#", count: (1 << 20) + 1), "f:1:1: the file is too large"),
    ])
    func depthAndSizeAreBounded(text: String, message: String) {
        let errors = Self.parse(Array(text.utf8))
        #expect(errors.count == 1)
        #expect(errors.allSatisfy { $0.description.hasPrefix(message) }, "\(errors)")
    }
}

/// The generator of the seeds above.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
