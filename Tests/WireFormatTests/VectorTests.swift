import Bundles
import Quantization
import Testing
import WireFormat

/// Every format against bytes written by hand, in both directions.
@Suite struct VectorTests {
    let vectors: Vectors
    let collector: ConnectionID
    let agent: ConnectionID
    let sentAt = Tick(0x123)

    init() throws {
        vectors = try Vectors()
        collector = try #require(ConnectionID(0x0102_0304))
        agent = try #require(ConnectionID(0xA1B2_C3D4))
    }

    @Test func headers() throws {
        let data = PacketHeader(type: .data, connection: collector, sequence: 42, clockSynced: true)
        let control = PacketHeader(
            type: .control, connection: ConnectionID(.max), sequence: .max, keyPhase: true)
        for (name, header) in [("header.data", data), ("header.control", control)] {
            let bytes = try vectors[name]
            #expect(written { header.write(into: &$0) } == bytes)
            #expect(try withBytes(bytes) { try PacketHeader(parsing: $0) } == header)
        }
    }

    @Test func handshake() throws {
        let nonce: UInt64 = 0x0011_2233_4455_6677
        let cases: [(String, ConnectionID?, HandshakeMessage)] = [
            ("handshake.initiation", nil, .initiation(agent: agent, nonce: nonce)),
            ("handshake.response", agent, .response(collector: collector, nonce: nonce)),
        ]
        for (name, connection, message) in cases {
            let bytes = try vectors[name]
            let packet = written {
                PacketHeader(type: .handshake, connection: connection, sequence: 0).write(into: &$0)
                message.write(into: &$0)
            }
            #expect(packet == bytes)
            #expect(
                try body(of: bytes) { bytes throws(WireError) in try HandshakeMessage(parsing: bytes) }
                    == message)
        }
    }

    @Test func closeAndKeepAlive() throws {
        let close = try vectors["close.finished"]
        let closeWritten = written {
            PacketHeader(type: .close, connection: collector, sequence: 7, clockSynced: true).write(into: &$0)
            CloseReason.finished.write(into: &$0)
        }
        #expect(closeWritten == close)
        #expect(
            try body(of: close) { bytes throws(WireError) in try CloseReason(parsing: bytes) } == .finished)
        let keepAlive = try vectors["keepalive"]
        let keepAliveWritten = written {
            PacketHeader(type: .control, connection: collector, sequence: 3).write(into: &$0)
            ControlMessage.writeKeepAlive(into: &$0)
        }
        #expect(keepAliveWritten == keepAlive)
        #expect(
            try body(of: keepAlive) { bytes throws(WireError) in try ControlMessage(parsing: bytes) }
                == .keepAlive)
    }

    @Test func steadyBlockHasThreeBytes() throws {
        let header = BlockHeader(
            stream: 0, rung: 5, coding: .tables, sequence: .low(7), timing: BlockTiming(age: 4))
        #expect(header.byteCount(payloadLength: nil, after: nil) == 3)
        #expect(header.byteCount(payloadLength: 2, after: nil) == 4)
        let bytes = written {
            DataPacket.writePrefix(sentAt: sentAt, into: &$0)
            header.write(payloadLength: nil, after: nil, into: &$0)
            for byte: UInt8 in [0xDE, 0xAD] { $0.append(byte) }
        }
        #expect(try bytes == vectors["data.steady"])
        let blocks = try blocks(of: bytes)
        #expect(blocks.map(\.header) == [header])
        #expect(blocks.map(\.payload) == [6..<8])
    }

    @Test func twoBlocks() throws {
        let first = BlockHeader(
            stream: 0, rung: 5, coding: .tables, sequence: .low(7), timing: BlockTiming(age: 4))
        let second = BlockHeader(
            stream: 1, rung: 31, coding: .uniform, sequence: .low(9), timing: BlockTiming(age: 128))
        let bytes = written {
            DataPacket.writePrefix(sentAt: sentAt, into: &$0)
            first.write(payloadLength: 2, after: nil, into: &$0)
            for byte: UInt8 in [0xDE, 0xAD] { $0.append(byte) }
            second.write(payloadLength: nil, after: 0, into: &$0)
            $0.append(0xFF)
        }
        #expect(try bytes == vectors["data.two"])
        let blocks = try blocks(of: bytes)
        #expect(blocks.map(\.header) == [first, second])
        #expect(blocks.map(\.payload) == [7..<9, 13..<14])
    }

    @Test func extendedBlock() throws {
        let ticks = [0, 201, 400].map { Tick(0x123 - 600 + $0) }
        let timing = BlockTiming(of: ticks.span, sentAt: sentAt)
        #expect(timing == BlockTiming(age: 600, step: 200, hasJitter: true))
        let header = BlockHeader(
            stream: 200, rung: 0, coding: .tables, sequence: .full(1000), timing: timing, frameCount: 3)
        let bytes = written {
            DataPacket.writePrefix(sentAt: sentAt, into: &$0)
            header.write(ticks: ticks.span, payloadLength: nil, after: nil, into: &$0)
            $0.append(0xAA)
        }
        #expect(try bytes == vectors["data.extended"])
        let block = try #require(try blocks(of: bytes).first)
        #expect(block.header == header)
        #expect(try frameTicks(of: block, in: bytes, sentAt: sentAt) == ticks)
    }

    @Test func partOfALargeFrame() throws {
        let header = BlockHeader(
            stream: 3, rung: 1, coding: .uniform, sequence: .low(1), timing: BlockTiming(age: -3), bundle: 2,
            tokens: 10..<30)
        let bytes = written {
            DataPacket.writePrefix(sentAt: sentAt, into: &$0)
            header.write(payloadLength: nil, after: 2, into: &$0)
            $0.append(0xBB)
        }
        #expect(try bytes == vectors["data.part"])
        #expect(try blocks(of: bytes).map(\.header) == [header])
    }

    @Test func report() throws {
        var report = Report(newest: 10, newestArrival: 0x0102_0304, received: 9)
        for entry: Report.Entry in [
            .received(millisecondsBefore: 0), .missing, .received(millisecondsBefore: nil),
        ] { report.append(entry) }
        let bytes = try vectors["report"]
        #expect(written { report.write(into: &$0) } == bytes)
        #expect(report.byteCount == bytes.count)
        let parsed = try withBytes(bytes) { try Report(parsing: $0) }
        #expect(parsed == report)
        #expect(parsed.entry(0) == .received(millisecondsBefore: 0))
        #expect(parsed.entry(1) == .missing)
        #expect(parsed.entry(2) == .received(millisecondsBefore: nil))
    }

    @Test func helloAndAccept() throws {
        let identity = withBytes(Array(0..<32)) { BundleIdentity(bytes: $0) }
        let hello = Hello(
            run: RunID(0x1122_3344_5566_7788), gateway: "gw-1",
            wallAtTickZero: WallTime(nanoseconds: 0x17F0_0000_0000_0000), sendTick: sentAt,
            reportInterval: .milliseconds(100),
            streams: [
                HelloStream(name: "a", dimension: 192, bundle: identity),
                HelloStream(name: "b.2", dimension: 64, bundle: identity),
            ])
        let helloBytes = try vectors["hello"]
        #expect(written { _ = hello.write(from: 0, into: &$0) } == helloBytes)
        #expect(try withBytes(helloBytes) { try ControlMessage(parsing: $0) } == .hello(hello))
        let accept = Accept(
            run: hello.run, streamCount: 3, firstStream: 1,
            verdicts: [.accepted(stream: 1, bundle: 0), .refused(.unknownBundle, text: "no")])
        let acceptBytes = try vectors["accept"]
        #expect(written { _ = accept.write(from: 1, into: &$0) } == acceptBytes)
        #expect(try withBytes(acceptBytes) { try ControlMessage(parsing: $0) } == .accept(accept))
    }

    private func body<Result>(
        of packet: [UInt8], _ parse: (RawSpan) throws(WireError) -> Result
    ) throws(WireError) -> Result {
        try withBytes(Array(packet[PacketHeader.byteCount...]), parse)
    }
}

/// All blocks of a data packet's body.
func blocks(of body: [UInt8]) throws(WireError) -> [Block] {
    try withBytes(body) { bytes throws(WireError) in
        var reader = try BlockReader(body: bytes)
        var blocks: [Block] = []
        while let block = try reader.next(in: bytes) { blocks.append(block) }
        return blocks
    }
}

/// The ticks of a block's frames.
func frameTicks(of block: Block, in body: [UInt8], sentAt: Tick) throws(WireError) -> [Tick] {
    try withBytes(body) { bytes throws(WireError) in
        var ticks: [Tick] = []
        try block.forEachTick(in: bytes, sentAt: sentAt) { index, tick throws(WireError) in
            #expect(index == ticks.count)
            ticks.append(tick)
        }
        return ticks
    }
}
