import Testing
import WireFormat
import TestSupport

/// Bytes from anybody: an error or a value, never a trap.
@Suite struct HostileTests {
    /// Every parser there is; returns the first error of each.
    static func parseEverything(_ bytes: [UInt8]) -> [WireError?] {
        func error<Value>(_ parse: (RawSpan) throws(WireError) -> Value) -> WireError? {
            do throws(WireError) {
                _ = try withBytes(bytes, parse)
                return nil
            } catch { return error }
        }
        return [
            error { bytes throws(WireError) in try PacketHeader(parsing: bytes) },
            error { bytes throws(WireError) in try HandshakeMessage(parsing: bytes) },
            error { bytes throws(WireError) in try CloseReason(parsing: bytes) },
            error { bytes throws(WireError) in try ControlMessage(parsing: bytes) },
            error { bytes throws(WireError) in try Report(parsing: bytes) },
            error { bytes throws(WireError) in
                var reader = try BlockReader(body: bytes)
                while let block = try reader.next(in: bytes) {
                    #expect(block.payload.upperBound <= bytes.byteCount)
                    try block.forEachTick(in: bytes, sentAt: Tick(.max)) { _, _ throws(WireError) in }
                }
            },
        ]
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max)]) func randomBytes(seed: UInt64) {
        print("random bytes from seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100_000 {
            for case let error? in Self.parseEverything(random.bytes(upTo: 120)) {
                #expect(error.offset <= 120, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max)]) func mutatedVectors(seed: UInt64) throws {
        print("mutated vectors from seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let vectors = try Vectors().all
        for _ in 0..<100_000 {
            var bytes = vectors[Int.random(in: 0..<vectors.count, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            _ = Self.parseEverything(bytes)
        }
    }

    @Test func everyTruncationIsAnError() throws {
        let vectors = try Vectors()
        for name in ["hello", "accept", "report"] {
            let bytes = try vectors[name]
            for length in bytes.indices {
                let cut = Array(bytes[..<length])
                let errors = Self.parseEverything(cut)
                let error = name == "report" ? errors[4] : errors[3]
                #expect(error?.kind == .truncated, "\(name) cut to \(length) bytes")
            }
            #expect(Self.parseEverything(bytes + [0])[name == "report" ? 4 : 3]?.kind == .trailingBytes)
        }
        for name in ["header.data", "handshake.initiation"] {
            let bytes = try vectors[name]
            for length in 0..<PacketHeader.byteCount {
                #expect(Self.parseEverything(Array(bytes[..<length]))[0]?.kind == .truncated)
            }
        }
        let handshake = Array(try vectors["handshake.initiation"][PacketHeader.byteCount...])
        for length in handshake.indices {
            #expect(Self.parseEverything(Array(handshake[..<length]))[1]?.kind == .truncated)
        }
    }

    /// The last block's payload ends with the packet, so only the cuts inside headers and of earlier payloads are
    /// errors; after the prefix alone there are just no blocks.
    @Test(arguments: [("data.two", 13), ("data.extended", 17), ("data.part", 11)])
    func truncatedBlocks(name: String, headersEnd: Int) throws {
        let bytes = try Vectors()[name]
        for length in 0..<headersEnd where length != DataPacket.prefixByteCount {
            let cut = Array(bytes[..<length])
            if name == "data.two", length == 9 { continue }  // exactly the first block
            #expect(Self.parseEverything(cut)[5]?.kind == .truncated, "\(name) cut to \(length) bytes")
        }
        #expect(Self.parseEverything(Array(bytes[..<headersEnd]))[5] == nil)
    }

    @Test(
        arguments: [
            // An age of 0 in two bytes; one of more than 64 bits.
            ([0, 0, 0, 0x02, 7, 0x80, 0x00], WireError.Kind.varint),
            ([0, 0, 0, 0x02, 7, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], .varint),
            // An age beyond the limit of ticks; a payload longer than the packet.
            ([0, 0, 0, 0x02, 7, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], .outOfRange),
            ([0, 0, 0, 0x00, 7, 0, 0x82, 0x00, 1], .truncated),
            // Flags: none; unknown ones; jitter of one frame; tokens of several.
            ([0, 0, 0, 0x03, 0x80, 0x00, 7, 0], .reservedBits),
            ([0, 0, 0, 0x03, 0x80, 0x40, 7, 0], .reservedBits),
            ([0, 0, 0, 0x03, 0x80, 0x04, 7, 0], .reservedBits),
            ([0, 0, 0, 0x03, 0x80, 0x22, 7, 0, 2, 0, 0, 1], .reservedBits),
            // 255 frames, 1 frame flagged as several; no tokens; age -0; a short stream in the long form.
            ([0, 0, 0, 0x03, 0x80, 0x02, 7, 0, 255, 0], .outOfRange),
            ([0, 0, 0, 0x03, 0x80, 0x02, 7, 0, 1, 0], .outOfRange),
            ([0, 0, 0, 0x03, 0x80, 0x20, 7, 0, 0, 0], .outOfRange),
            ([0, 0, 0, 0x03, 0x80, 0x08, 7, 0], .outOfRange),
            ([0, 0, 0, 0x03, 0x7F, 0, 5, 7, 0], .outOfRange),
            // 64 frames with jitter in two bytes.
            ([0, 0, 0, 0x03, 0x80, 0x06, 7, 0, 64, 0, 1, 1], .truncated),
        ] as [([UInt8], WireError.Kind)])
    func badBlocks(body: [UInt8], kind: WireError.Kind) {
        #expect(Self.parseEverything(body)[5]?.kind == kind)
    }

    @Test(
        arguments: [
            ([0x00, 0, 0, 0, 1, 0, 0, 0, 0], WireError.Kind.unsupportedVersion),
            ([0x80, 0, 0, 0, 1, 0, 0, 0, 0], .unsupportedVersion),
            ([0x68, 0, 0, 0, 1, 0, 0, 0, 0], .unknownType),
            ([0x41, 0, 0, 0, 1, 0, 0, 0, 0], .reservedBits), ([0x40, 0, 0, 0, 0, 0, 0, 0, 0], .connectionID),
        ] as [([UInt8], WireError.Kind)])
    func badHeaders(bytes: [UInt8], kind: WireError.Kind) {
        #expect(Self.parseEverything(bytes)[0]?.kind == kind)
    }

    /// A hello that announces 255 streams in a few bytes is refused before anything is reserved for them.
    @Test func countsBeyondTheMessage() throws {
        var hello = try Vectors()["hello"]
        let count = 1 + 8 + 5 + 8 + 8 + 2 + 4
        hello[count - 4] = 255
        hello[count] = 255
        #expect(Self.parseEverything(hello)[3] == WireError(.truncated, at: count))
        hello[count - 4] = 0
        #expect(Self.parseEverything(hello)[3] == WireError(.outOfRange, at: count))
        var accept = try Vectors()["accept"]
        accept[9] = 255
        accept[13] = 255
        #expect(Self.parseEverything(accept)[3] == WireError(.truncated, at: 13))
        var text = try Vectors()["accept"]
        text[text.count - 1] = 0x1B
        #expect(Self.parseEverything(text)[3]?.kind == .invalidText)
    }
}
