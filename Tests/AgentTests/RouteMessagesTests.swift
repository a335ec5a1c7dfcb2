import Agent
import Testing
import TestSupport

@Suite struct RouteMessagesTests {
    /// A message of the kernel: its header and a body, in the machine's byte order.
    private static func message(type: UInt16, body: [UInt8], length: Int? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: some FixedWidthInteger) { bytes += machineBytes(value) }
        append(UInt32(length ?? 16 + body.count))
        append(type)
        append(UInt16(0))
        append(UInt32(7))
        append(UInt32(0))
        return bytes + body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    }

    private static func link(index: UInt32, flags: UInt32) -> [UInt8] {
        var bytes: [UInt8] = [0, 0, 1, 0]
        for value in [index, flags, 0] { bytes += machineBytes(value) }
        return bytes + [8, 0, 3, 0, 1, 2, 3]
    }

    private static let all =
        message(type: 16, body: link(index: 3, flags: 0x1_0043))
        + message(type: 16, body: link(index: 4, flags: 0x43))
        + message(type: 17, body: link(index: 3, flags: 0x1_0043))
        + message(type: 20, body: [2, 8, 0, 0, 1, 0, 0, 0]) + message(type: 24, body: [])
        + message(type: 28, body: [1])
        + message(type: 4, body: [])

    @Test func whatTheKernelSaysIsUnderstood() {
        let messages = read(Self.all)
        #expect(messages.malformed == 0)
        #expect(
            messages.events == [
                .link(index: 3, isUp: true), .link(index: 4, isUp: false), .link(index: 3, isUp: false),
                .address,
                .route, .overrun,
            ])
    }

    @Test func eachTruncationIsCountedOnce() {
        var seen = 0
        for length in 0...Self.all.count {
            let messages = read(Array(Self.all.prefix(length)))
            #expect(messages.malformed <= 1)
            #expect(messages.events.count >= seen)
            seen = messages.events.count
        }
        #expect(seen == 6)
    }

    @Test func wrongLengthsEndTheDatagram() {
        for length in [0, 1, 15, 17, 1 << 20, Int(UInt32.max)] {
            let bytes = Self.message(type: 24, body: [], length: length) + Self.message(type: 20, body: [])
            let messages = read(bytes)
            #expect(messages.malformed == (length == 17 ? 0 : 1) || length == 17, "\(length)")
            #expect(messages.events.count <= 1)
        }
        let short = read(Self.message(type: 16, body: [0, 0, 1, 0]))
        #expect(short.malformed == 1 && short.events.isEmpty)
    }

    /// Any bytes, and real messages with some changed, are read to their end within bounds.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func anyBytesDoNoHarm(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var bytes = Self.all
            if .random(in: 0..<4, using: &generator) == 0 {
                let count = Int.random(in: 0...300, using: &generator)
                bytes = (0..<count).map { _ in .random(in: 0...255, using: &generator) }
            }
            for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                    in: 0...255, using: &generator)
            }
            let messages = read(bytes)
            #expect(messages.events.count * 16 <= bytes.count + 15, "seed \(seed)")
        }
    }

    @Test func aFloodIsBounded() {
        let flood = (0..<2_000).flatMap { _ in Self.message(type: 24, body: []) }
        #expect(read(flood).events.count == RouteMessages.maximumEvents)
    }
}

/// A number in the machine's byte order.
private func machineBytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    let little = (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
    return Value(littleEndian: 1) == 1 ? little : little.reversed()
}

private func read(_ bytes: [UInt8]) -> RouteMessages {
    unsafe RouteMessages(parsing: bytes.span.bytes)
}
