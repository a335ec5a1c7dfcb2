import Bundles
import EntropyCoding
import Quantization
import Testing
import TestSupport

@Suite struct BundleTests {
    @Test(arguments: [(1, true, 1), (2, false, 1), (3, true, 2), (4, false, 2)] as [(UInt64, Bool, Int)])
    func `a bundle comes back from its bytes`(seed: UInt64, statistics: Bool, tokenGroups: Int) throws {
        let bundle = SampleBundle.make(seed: seed, statistics: statistics, tokenGroups: tokenGroups)
        let bytes = bundle.serialized()
        let read = try Bundle(parsing: bytes)
        #expect(read.hasContent(of: bundle), "seed \(seed)")
        #expect(read.identity == bundle.identity, "seed \(seed)")
        #expect(read.serialized() == bytes, "seed \(seed)")
    }

    @Test func `equal content gives equal bytes, other content another identity`() {
        let bundle = SampleBundle.make(seed: 1)
        #expect(SampleBundle.make(seed: 1).serialized() == bundle.serialized())
        #expect(SampleBundle.make(seed: 2).identity != bundle.identity)
        #expect(SampleBundle.make(seed: 1, statistics: false).identity != bundle.identity)
    }

    /// Bundles in use must stay readable: this file was written by the first version.
    @Test func `the first format stays readable`() throws {
        let path = "\(TestFiles.sources)/Golden/format-1.weir"
        let bundle = try Bundle.read(path: path)
        #expect(bundle.hasContent(of: SampleBundle.make(seed: 7, spread: false, lambda: 0)))
        // sha256sum of the file.
        #expect(
            bundle.identity.description == "4767893ce5a5943fabe8b4d52aba3b886488e9b662bf4b80d646c390c37fb8fd")
    }

    @Test func `a file is replaced as a whole, and nothing is left beside it`() throws {
        try TestFiles.withFolder { folder in
            let path = "\(folder)/a.weir"
            TestFiles.write([1, 2, 3], to: path)
            let bundle = SampleBundle.make(seed: 4)
            try bundle.write(path: path)
            #expect(TestFiles.bytes(of: path) == bundle.serialized())
            #expect(TestFiles.names(in: folder) == ["a.weir"])
            #expect(try Bundle.read(path: path).identity == bundle.identity)
        }
    }

    @Test func `files that cannot be are named`() throws {
        try TestFiles.withFolder { folder in
            let bundle = SampleBundle.make(seed: 4)
            #expect(
                message { try Bundle.read(path: "\(folder)/none.weir") }
                    == "\(folder)/none.weir: cannot open the file: No such file or directory")
            #expect(message { try Bundle.read(path: folder) } == "\(folder): this is not a regular file")
            #expect(message { try bundle.write(path: folder) } == "\(folder): this is a directory")
            #expect(
                message { try bundle.write(path: "\(folder)/no/b.weir") }
                    == "\(folder)/no/b.weir: cannot open the file's directory: No such file or directory")
            TestFiles.write([1, 2, 3], to: "\(folder)/c.weir")
            #expect(
                message { try Bundle.read(path: "\(folder)/c.weir") }
                    == "\(folder)/c.weir: byte 0: the file has 3 bytes; its header length alone takes 8")
        }
    }

    @Test func `a bundle cut short anywhere is refused`() {
        let bytes = SampleBundle.make(seed: 5).serialized()
        for count in bytes.indices {
            #expect(throws: BundleError.self, "\(count) bytes") {
                try Bundle(parsing: Array(bytes[..<count]))
            }
        }
        #expect(throws: BundleError.self) { try Bundle(parsing: bytes + [0]) }
    }

    /// A changed byte is refused, or gives another bundle that is sound in itself.
    @Test(arguments: [0x01, 0x10, 0x80, 0xFF] as [UInt8])
    func `a bundle with any byte changed is refused or sound`(change: UInt8) throws {
        let original = SampleBundle.make(seed: 6)
        let bytes = original.serialized()
        var refused = 0
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= change
            do throws(BundleError) {
                let bundle = try Bundle(parsing: damaged)
                #expect(bundle.identity != original.identity, "byte \(index)")
                let again = try Bundle(parsing: bundle.serialized())
                #expect(again.hasContent(of: bundle), "byte \(index)")
            } catch {
                refused += 1
                #expect(error.place != nil, "byte \(index): \(error)")
            }
        }
        // The header is more than half of this file, and nearly all of its bytes matter.
        #expect(refused > bytes.count / 3)
    }

    @Test(arguments: [8, 9] as [UInt64])
    func `random damage never crashes`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = SampleBundle.make(seed: seed).serialized()
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...20, using: &generator) {
                damaged[Int.random(in: damaged.indices, using: &generator)] = .random(
                    in: 0...255, using: &generator)
            }
            let first = Int.random(in: 0..<damaged.count, using: &generator)
            damaged.removeSubrange(first..<Int.random(in: first...damaged.count, using: &generator))
            _ = try? Bundle(parsing: damaged)
        }
    }

    @Test func `identities are 64 hexadecimal digits`() {
        let text = "00ff" + String(repeating: "0a", count: 30)
        #expect(BundleIdentity(hexadecimal: text)?.description == text)
        #expect(BundleIdentity(hexadecimal: text.uppercased())?.description == text)
        #expect(BundleIdentity(hexadecimal: text.dropLast()) == nil)
        #expect(BundleIdentity(hexadecimal: text.dropLast() + "g") == nil)
        #expect(BundleIdentity(hexadecimal: "+1" + text.dropFirst(2)) == nil)
        let bytes = [UInt8](0..<32)
        let identity = unsafe BundleIdentity(bytes: bytes.span.bytes)
        #expect(identity.bytes == bytes)
        #expect(BundleIdentity(hexadecimal: identity.description) == identity)
    }
}

/// What an operation that must fail says.
func message<Value>(_ operation: () throws -> Value) -> String {
    do {
        _ = try operation()
        return "no error"
    } catch {
        return "\(error)"
    }
}
