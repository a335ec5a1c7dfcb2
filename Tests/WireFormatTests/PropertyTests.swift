import Bundles
import Quantization
import Testing
import WireFormat
import TestSupport

/// What is written is read back as it was, for random values.
@Suite struct PropertyTests {
    @Test(arguments: [1, 2, 3] as [UInt64]) func packetsOfRandomBlocks(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let sentAt = Tick(Int64(random.anyMagnitude(below: 1 << 40)))
            var expected: [(header: BlockHeader, ticks: [Tick], payload: [UInt8])] = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let (header, ticks) = block(sentAt: sentAt, using: &random)
                expected.append((header, ticks, random.bytes(upTo: 200)))
            }
            let marksLast = Bool.random(using: &random)
            let body = written(capacity: 4096) { output in
                DataPacket.writePrefix(sentAt: sentAt, into: &output)
                var previous: UInt16?
                for (index, block) in expected.enumerated() {
                    let isLast = marksLast && index == expected.count - 1
                    let length = isLast ? nil : block.payload.count
                    let before = output.byteCount
                    let byteCount = block.header.byteCount(
                        ticks: block.ticks.span, payloadLength: length, after: previous)
                    block.header.write(
                        ticks: block.ticks.span, payloadLength: length, after: previous, into: &output)
                    #expect(output.byteCount - before == byteCount, "seed \(seed): \(block.header)")
                    for byte in block.payload { output.append(byte) }
                    previous = block.header.stream
                }
            }
            let found = try blocks(of: body)
            try #require(found.count == expected.count, "seed \(seed)")
            for (block, expected) in zip(found, expected) {
                #expect(block.header == expected.header, "seed \(seed)")
                #expect(Array(body[block.payload]) == expected.payload, "seed \(seed)")
                #expect(try frameTicks(of: block, in: body, sentAt: sentAt) == expected.ticks, "seed \(seed)")
            }
        }
    }

    private func block(sentAt: Tick, using random: inout SeededGenerator) -> (BlockHeader, [Tick]) {
        let frameCount = Bool.random(using: &random) ? 1 : Int.random(in: 1...64, using: &random)
        var ticks = [sentAt.advanced(by: -Int64(random.anyMagnitude(below: 1 << 20)))]
        let step = Int64(random.anyMagnitude(below: 1 << 12))
        while ticks.count < frameCount {
            let jitter = Bool.random(using: &random) ? Int64.random(in: -9...9, using: &random) : 0
            ticks.append(ticks[0].advanced(by: Int64(ticks.count) * step + jitter))
        }
        if Int.random(in: 0..<8, using: &random) == 0 { ticks = ticks.map { $0.advanced(by: 1 << 21) } }
        let low = SequenceChoice.random(using: &random)
        let header = BlockHeader(
            stream: UInt16(random.anyMagnitude(below: 1 << 16)), rung: Int.random(in: 0...31, using: &random),
            coding: Bool.random(using: &random) ? .uniform : .tables, sequence: low,
            timing: BlockTiming(of: ticks.span, sentAt: sentAt), frameCount: frameCount,
            bundle: Bool.random(using: &random) ? UInt16(random.anyMagnitude(below: 1 << 16)) : nil,
            tokens: frameCount == 1 && Bool.random(using: &random)
                ? 3..<3 + Int.random(in: 1...999, using: &random) : nil)
        return (header, ticks)
    }

    private enum SequenceChoice {
        static func random(using random: inout SeededGenerator) -> BlockSequence {
            Bool.random(using: &random)
                ? .low(UInt8(random.anyMagnitude(below: 256)))
                : .full(random.anyMagnitude(below: PacketLimits.maximumSequence))
        }
    }

    @Test(arguments: [0, 1, 31, 32, 500]) func helloAndAcceptInParts(streamCount: Int) throws {
        let identity = withBytes(Array(repeating: 7, count: 32)) { BundleIdentity(bytes: $0) }
        let streams = (0..<streamCount).map {
            HelloStream(name: "stream-\($0)", dimension: $0 + 1, bundle: identity)
        }
        let hello = Hello(
            run: RunID(5), gateway: String(repeating: "g", count: 64),
            wallAtTickZero: WallTime(nanoseconds: -1),
            sendTick: Tick(1 << 30), reportInterval: .zero, streams: streams)
        var next = 0
        var collected: [HelloStream] = []
        repeat {
            let bytes = written(capacity: PacketLimits.maximumBody) {
                next = hello.write(from: next, into: &$0)
            }
            guard case .hello(let part) = try withBytes(bytes, { try ControlMessage(parsing: $0) }) else {
                Issue.record("no hello")
                return
            }
            #expect(part.firstStream == collected.count)
            #expect(part.streamCount == streamCount)
            #expect(part.gateway == hello.gateway && part.sendTick == hello.sendTick)
            collected += part.streams
        } while next < streamCount
        #expect(collected == streams)

        let verdicts: [StreamVerdict] = (0..<streamCount).map {
            $0 % 3 == 0
                ? .refused(.unknownBundle, text: String(repeating: "é", count: $0 % 90))
                : .accepted(stream: UInt16($0), bundle: 3)
        }
        let accept = Accept(run: hello.run, streamCount: streamCount, firstStream: 0, verdicts: verdicts)
        next = 0
        var answered: [StreamVerdict] = []
        repeat {
            let bytes = written(capacity: PacketLimits.maximumBody) {
                next = accept.write(from: next, into: &$0)
            }
            guard case .accept(let part) = try withBytes(bytes, { try ControlMessage(parsing: $0) }) else {
                Issue.record("no accept")
                return
            }
            #expect(part.firstStream == answered.count)
            answered += part.verdicts
        } while next < streamCount
        #expect(answered.count == verdicts.count)
        for (found, verdict) in zip(answered, verdicts) {
            if case .refused(_, let text) = verdict, text.utf8.count > Accept.maximumTextByteCount {
                #expect(found == .refused(.unknownBundle, text: String(text.prefix(50))))
            } else {
                #expect(found == verdict)
            }
        }
    }

    @Test(
        arguments: [
            (0, 0), (0xFF_FFFF, 0xFF_FFFF), (1 << 24, 1 << 24), ((1 << 24) - 1, 1 << 24),
            (1 << 24, (1 << 24) - 1),
            (5 << 24, (5 << 24) + (1 << 23)), ((1 << 40) + 77, (1 << 40) - 4_000_000),
        ] as [(Int64, Int64)])
    func ticksAreUnwrappedToTheNearest(count: Int64, expected: Int64) {
        #expect(Tick(low24: Tick(count).low24, near: Tick(expected)) == Tick(count))
    }

    @Test func clocksStopAtTheEndsOfTime() {
        let last = MonotonicInstant(nanoseconds: .max - 5)
        #expect(last.advanced(by: .seconds(1)).nanoseconds == .max)
        #expect(WallTime(nanoseconds: .min).advanced(by: .seconds(-1)).nanoseconds == .min)
        #expect(Tick(.max).count == Tick.limit)
        #expect(Tick(.max).wallTime(wallAtTickZero: WallTime(nanoseconds: .max)).nanoseconds == .max)
        #expect(Tick(sinceEpoch: .nanoseconds(-1)).count == -1)
        #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
        let instant = MonotonicInstant(nanoseconds: 1_000)
        #expect(instant + .nanoseconds(5) - instant == .nanoseconds(5))
    }

    @Test func addressesAreWrittenAndKnownForLoopback() {
        #expect(PeerAddress(ipv4: 0x7F00_0001, port: 80).description == "127.0.0.1:80")
        #expect(
            PeerAddress(ipv6: 0x2001_0DB8_0000_0000, 1, port: 9).description == "[2001:db8:0:0:0:0:0:1]:9")
        #expect(PeerAddress(ipv4: 0x7F01_0203, port: 1).isLoopback)
        #expect(PeerAddress(ipv6: 0, 1, port: 1).isLoopback)
        #expect(PeerAddress(ipv6: 0, 0xFFFF_7F00_0001, port: 1).isLoopback)
        #expect(!PeerAddress(ipv4: 0x0A00_0001, port: 1).isLoopback)
        #expect(!PeerAddress(ipv6: 0, 2, port: 1).isLoopback)
    }

    @Test(arguments: [
        ("a", true), ("A.b_c-9", true), ("", false), ("ä", false), ("a b", false), ("a/b", false),
    ])
    func names(name: String, isValid: Bool) {
        #expect(WireName.isValid(name) == isValid)
        #expect(!WireName.isValid(String(repeating: "x", count: 65)))
    }
}
