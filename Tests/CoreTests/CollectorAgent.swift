import Bundles
import Quantization
import Testing
import WireFormat

/// The agent's side of a session, as little of it as tests of the collector need.
struct CollectorAgent {
    static let address = PeerAddress(ipv4: 0x7F00_0001, port: 40_000)

    let run: RunID
    let gateway: String
    var streams: [HelloStream]
    var source = CollectorAgent.address
    var nonce: UInt64 = 99
    var sendTick = Tick(1_000)
    var connection: ConnectionID?
    var nextSequence: UInt32 = 0
    let wallAtTickZero = WallTime(nanoseconds: 1_700_000_000_000_000_000)

    private let own: ConnectionID

    init(run: UInt64 = 7, gateway: String = "gw", streams: [HelloStream]) throws {
        self.run = RunID(run)
        self.gateway = gateway
        self.streams = streams
        own = try #require(ConnectionID(0xBEEF))
    }

    /// A session of one stream for each bundle, called "s0", "s1", ...
    init(run: UInt64 = 7, gateway: String = "gw", bundles: [CollectorBundle]) throws {
        try self.init(
            run: run, gateway: gateway,
            streams: bundles.enumerated().map { index, bundle in
                HelloStream(name: "s\(index)", dimension: bundle.dimension, bundle: bundle.identity)
            })
    }

    func initiation() -> [UInt8] {
        collectorWritten {
            PacketHeader(type: .handshake, connection: nil, sequence: 0).write(into: &$0)
            HandshakeMessage.initiation(agent: own, nonce: nonce).write(into: &$0)
        }
    }

    /// A packet to the session with the next sequence number.
    mutating func packet(_ type: PacketType, _ body: (inout OutputRawSpan) -> Void) -> [UInt8] {
        let header = PacketHeader(
            type: type, connection: connection, sequence: nextSequence, clockSynced: true)
        nextSequence += 1
        return collectorWritten {
            header.write(into: &$0)
            body(&$0)
        }
    }

    mutating func hellos() -> [[UInt8]] {
        var hello = Hello(
            run: run, gateway: gateway, wallAtTickZero: wallAtTickZero, sendTick: sendTick,
            reportInterval: .zero, streams: streams)
        hello.sendTick = sendTick
        var packets: [[UInt8]] = []
        var next = 0
        repeat {
            packets.append(packet(.control) { next = hello.write(from: next, into: &$0) })
        } while next < streams.count
        return packets
    }

    mutating func keepAlive() -> [UInt8] {
        packet(.control) { ControlMessage.writeKeepAlive(into: &$0) }
    }

    /// A data packet of one block of consecutive frames, 20 ticks apart, the last taken 3 ticks ago.
    mutating func data(
        _ bundle: CollectorBundle, stream: UInt16 = 0, _ sequences: Range<UInt64>, rung: Int = 1,
        low: Bool = false, tokens: Range<Int>? = nil, number: UInt16? = nil
    ) throws -> [UInt8] {
        let block = try bundle.coded(sequences, rung: rung, tokens: tokens)
        let count = sequences.count
        let sequence: BlockSequence =
            low ? .low(UInt8(truncatingIfNeeded: sequences.lowerBound)) : .full(sequences.lowerBound)
        let header = BlockHeader(
            stream: stream, rung: rung, coding: block.coding, sequence: sequence,
            timing: BlockTiming(age: 3 + Int64(count - 1) * 20, step: count > 1 ? 20 : 0), frameCount: count,
            bundle: number, tokens: tokens)
        let sentAt = sendTick
        return packet(.data) {
            DataPacket.writePrefix(sentAt: sentAt, into: &$0)
            header.write(payloadLength: nil, after: nil, into: &$0)
            for byte in block.payload { $0.append(byte) }
        }
    }

    /// Shakes hands and says hello. Leaves the collector's answers in the bench.
    mutating func connect(to bench: inout CollectorBench) throws {
        bench.sent = []
        bench.receive(initiation(), from: source)
        let response = try #require(bench.take().last?.handshake)
        guard case .response(let collector, nonce) = response else {
            Issue.record("the response is not to the initiation: \(response)")
            return
        }
        connection = collector
        nextSequence = 0
        for hello in hellos() { bench.receive(hello, from: source) }
    }
}
