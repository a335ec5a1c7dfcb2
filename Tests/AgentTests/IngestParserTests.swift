import Agent
import Testing

/// What a parser said, with the values of each frame.
private struct Heard: Equatable {
    var events: [IngestParser.Event] = []
    var frames: [[Float]] = []
    var errorAtEnd: IngestError?
}

/// Gives `pieces` to a parser, accepting any header, until it fails or the pieces end.
private func hear(_ pieces: [ArraySlice<UInt8>]) -> Heard {
    var parser = IngestParser()
    var heard = Heard()
    for piece in pieces {
        let bytes = Array(piece)
        var offset = 0
        reading: while true {
            let event = unsafe parser.next(bytes.span.bytes, from: &offset)
            switch event {
            case .needsBytes:
                break reading
            case .header(let header):
                parser.accept(dimension: header.dimension)
            case .frame:
                heard.frames.append(Array(parser.values))
            case .failure:
                heard.events.append(event)
                return heard
            }
            heard.events.append(event)
        }
        #expect(offset == bytes.count, "a parser that needs bytes has taken all it was given")
    }
    heard.errorAtEnd = parser.errorAtEnd
    return heard
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

private func record(_ timestamp: UInt64, _ values: [Float], count: UInt32? = nil) -> [UInt8] {
    littleEndian(count ?? UInt32(8 + 4 * values.count)) + littleEndian(timestamp)
        + values.flatMap { littleEndian($0.bitPattern) }
}

private let header = Array(#"{"stream":"press-7","dimension":3}"#.utf8) + [UInt8(ascii: "\n")]
private let frames: [[Float]] = [
    [1, -2, 3.5], [0, -0.0, .leastNonzeroMagnitude], [.greatestFiniteMagnitude, 1, 2],
]
private let whole = header + frames.enumerated().flatMap { record(UInt64($0.offset) << 40, $0.element) }
private let expected = Heard(
    events: [.header(IngestHeader(stream: "press-7", dimension: 3))]
        + frames.indices.map { .frame(timestamp: UInt64($0) << 40) },
    frames: frames)

@Suite struct IngestParserTests {
    @Test func readsHeaderAndFrames() {
        #expect(hear([whole[...]]) == expected)
    }

    @Test(arguments: 1...whole.count)
    func anyPieceSizeMeansTheSame(size: Int) {
        let pieces = stride(from: 0, to: whole.count, by: size).map {
            whole[$0..<min($0 + size, whole.count)]
        }
        #expect(hear(pieces) == expected)
    }

    @Test(arguments: 0..<whole.count)
    func anEndAnywhereKeepsWholeFramesAndTellsOfTheRest(length: Int) {
        let heard = hear([whole[..<length]])
        let recordSize = 4 + 8 + 4 * 3
        let complete = max(0, length - header.count) / recordSize
        let rest = length < header.count ? length : (length - header.count) % recordSize
        #expect(heard.frames == Array(frames[..<complete]))
        #expect(heard.errorAtEnd == (rest == 0 ? nil : .cutOff(bytes: rest)))
    }

    @Test(arguments: [
        (record(0, [1, 2, 3], count: 19), IngestError.wrongByteCount(expected: 20, found: 19)),
        (record(0, [1, 2, 3], count: .max), .wrongByteCount(expected: 20, found: .max)),
        // The count alone is enough: the bytes that it promises need not come.
        (littleEndian(UInt32(1 << 30)), .wrongByteCount(expected: 20, found: 1 << 30)),
        (littleEndian(UInt32(0)), .wrongByteCount(expected: 20, found: 0)),
        (record(0, [.nan, 2, 3]), .nonFiniteValue(index: 0)),
        (record(0, [1, .infinity, 3]), .nonFiniteValue(index: 1)),
        (record(0, [1, 2, -.infinity]), .nonFiniteValue(index: 2)),
        (record(0, [1, 2, Float(bitPattern: 0x7F80_0001)]), .nonFiniteValue(index: 2)),
    ])
    func wrongRecordsFail(bytes: [UInt8], error: IngestError) {
        for size in [1, 5, bytes.count + header.count] {
            let all = header + bytes
            let pieces = stride(from: 0, to: all.count, by: size).map { all[$0..<min($0 + size, all.count)] }
            #expect(hear(pieces).events.last == .failure(error))
        }
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "press-7", #"{"stream":"a"}"#, #"{"dimension":3}"#,
        #"{"stream":"a","dimension":"3"}"#, #"{"stream":"a","dimension":3.5}"#,
        #"{"stream":7,"dimension":3}"#,
        #"{"stream":"a","dimension":99999999999999999999}"#, #"{"stream":"a","dimension":3"#, "\u{0}\u{1}",
        String(repeating: "[", count: 4000),
    ])
    func malformedHeadersFail(line: String) {
        #expect(hear([(Array(line.utf8) + [10])[...]]).events == [.failure(.malformedHeader)])
    }

    @Test func anInvalidUTF8HeaderFails() {
        #expect(hear([[0xff, 0xfe, 0x80, 10][...]]).events == [.failure(.malformedHeader)])
    }

    @Test func theFirstLineIsBounded() {
        let longest = [UInt8](repeating: UInt8(ascii: " "), count: IngestParser.maximumHeaderBytes)
        #expect(hear([(longest + [10])[...]]).events == [.failure(.malformedHeader)])
        #expect(hear([(longest + [32])[...]]).events == [.failure(.headerTooLong)])
    }

    @Test func everyErrorHasAReasonOfItsOwnAndALine() {
        let errors: [IngestError] = [
            .headerTooLong, .malformedHeader, .headerTimeout, .unknownStream("a"),
            .wrongDimension(stream: "a", expected: 1, found: 2), .secondProducer(stream: "a"),
            .wrongByteCount(expected: 1, found: 2), .nonFiniteValue(index: 0), .cutOff(bytes: 1),
            .tooManyConnections(limit: 1), .stopping,
        ]
        #expect(Set(errors.map(\.reason)) == Set(IngestError.Reason.allCases))
        for error in errors {
            #expect(!error.description.isEmpty && !error.description.contains("\n"))
        }
    }
}
