import AgentCore
import Bundles
import Quantization
import WireFormat

/// A frame as the scripted collector got it.
struct AgentTestFrame: Hashable {
    var stream: Int
    var sequence: UInt64
    var tick: Tick
    var rung: Int
    var values: [Float]
    /// Whether its number came as the low eight bits.
    var isLow: Bool
}

/// A scripted collector: the plainest one that speaks the protocol, with everything remembered.
struct AgentTestPeer {
    let codecs: [FrameCodec]
    /// Streams that are refused at present.
    var refused: Set<Int> = []
    var connection = ConnectionID(0xC011)
    private(set) var agent: ConnectionID?
    private(set) var frames: [AgentTestFrame] = []
    private(set) var hellos: [Hello] = []
    private(set) var closes: [CloseReason] = []
    private(set) var keepAlives = 0
    private(set) var sequences: [UInt32] = []

    private var highest: [Int: UInt64] = [:]
    private var parts: [Int: (sequence: UInt64, tokens: Int, values: [Float])] = [:]
    private var arrivals: [UInt32: MonotonicInstant] = [:]
    private var newest: UInt32?
    private var nextSequence: UInt32 = 0
    private var nextReport = MonotonicInstant(nanoseconds: 0)
    private var hasNews = false

    init(codecs: [FrameCodec]) { self.codecs = codecs }

    /// Forgets the session, as a restarted collector does.
    mutating func forget() {
        agent = nil
        connection = ConnectionID(0xC011 + UInt32(hellos.count) + 1)
    }

    /// Takes a datagram and gives the answers.
    mutating func receive(_ datagram: [UInt8], now: MonotonicInstant, closesUnknown: Bool) throws -> [[UInt8]]
    {
        let bytes = unsafe datagram.span.bytes
        let header = try PacketHeader(parsing: bytes)
        let body = bytes.extracting(PacketHeader.byteCount..<datagram.count)
        if header.type == .handshake {
            guard case .initiation(let agent, let nonce) = try HandshakeMessage(parsing: body),
                let connection
            else { return [] }
            begin(agent)
            return [
                Self.datagram { output in
                    PacketHeader(type: .handshake, connection: agent, sequence: 0).write(into: &output)
                    HandshakeMessage.response(collector: connection, nonce: nonce).write(into: &output)
                }
            ]
        }
        guard let agent, header.connection == connection else {
            guard closesUnknown else { return [] }
            return [
                Self.datagram { output in
                    PacketHeader(type: .close, connection: header.connection, sequence: 0).write(
                        into: &output)
                    CloseReason.unknownConnection.write(into: &output)
                }
            ]
        }
        guard arrivals[header.sequence] == nil else { return [] }
        arrivals[header.sequence] = now
        sequences.append(header.sequence)
        newest = max(newest ?? 0, header.sequence)
        hasNews = true
        switch header.type {
        case .data: try take(body, now: now)
        case .close: closes.append(try CloseReason(parsing: body))
        case .control:
            switch try ControlMessage(parsing: body) {
            case .hello(let hello):
                hellos.append(hello)
                return [accept(hello, agent)]
            case .keepAlive: keepAlives += 1
            case .accept: break
            }
        case .report, .handshake: break
        }
        return []
    }

    /// The report that is due, if there is one.
    mutating func report(now: MonotonicInstant) -> [UInt8]? {
        guard hasNews, now >= nextReport, let agent, let newest, let arrival = arrivals[newest] else {
            return nil
        }
        hasNews = false
        nextReport = now + .milliseconds(50)
        var report = Report(
            newest: newest, newestArrival: Self.ticks(arrival), received: UInt32(arrivals.count))
        for back in 1...64 where UInt32(back) <= newest {
            var entry = Report.Entry.missing
            if let other = arrivals[newest - UInt32(back)] {
                entry = .received(millisecondsBefore: Int((arrival - other) / .milliseconds(1)))
            }
            report.append(entry)
        }
        let sequence = nextSequence
        nextSequence += 1
        return Self.datagram { output in
            PacketHeader(type: .report, connection: agent, sequence: sequence).write(into: &output)
            report.write(into: &output)
        }
    }

    private mutating func begin(_ agent: ConnectionID) {
        guard self.agent != agent else { return }
        self.agent = agent
        highest = [:]
        parts = [:]
        arrivals = [:]
        newest = nil
        hasNews = false
        nextSequence = 0
    }

    private mutating func accept(_ hello: Hello, _ agent: ConnectionID) -> [UInt8] {
        let verdicts = hello.streams.indices.map { offset -> StreamVerdict in
            let index = hello.firstStream + offset
            return refused.contains(index)
                ? .refused(.unknownBundle, text: "no such bundle here")
                : .accepted(stream: UInt16(index), bundle: UInt16(index))
        }
        let accept = Accept(
            run: hello.run, streamCount: hello.streamCount, firstStream: hello.firstStream, verdicts: verdicts
        )
        let sequence = nextSequence
        nextSequence += 1
        return Self.datagram { output in
            PacketHeader(type: .control, connection: agent, sequence: sequence).write(into: &output)
            _ = accept.write(from: hello.firstStream, into: &output)
        }
    }

    private mutating func take(_ body: RawSpan, now: MonotonicInstant) throws {
        var reader = try BlockReader(body: body)
        // The agent's and this clock are one here, and the run began at its zero.
        let sendTick = Tick(low24: reader.sendTick, near: Tick(now.nanoseconds / Tick.nanoseconds))
        while let block = try reader.next(in: body) {
            let index = Int(block.header.stream)
            let codec = codecs[index]
            let first = resolve(block.header.sequence, stream: index)
            var ticks: [Tick] = []
            try block.forEachTick(in: body, sentAt: sendTick) { _, tick in ticks.append(tick) }
            let count = block.header.frameCount
            let last = first + UInt64(count - 1)
            highest[index] = max(highest[index] ?? 0, last)
            var values = [Float](repeating: 0, count: count * codec.dimension)
            if let part = parts[index], part.sequence == first, block.header.tokens != nil {
                values = part.values
            }
            var decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: 64)
            var span = values.mutableSpan
            try decoder.decode(
                payload: body.extracting(block.payload), coding: block.header.coding, rung: block.header.rung,
                frameCount: count, tokens: block.header.tokens, into: &span)
            if let tokens = block.header.tokens {
                var part = parts[index] ?? (first, 0, values)
                if part.sequence != first { part = (first, 0, values) }
                part.tokens += tokens.count
                part.values = values
                parts[index] = part
                guard part.tokens == codec.shape.tokens else { continue }
            }
            for frame in 0..<count {
                frames.append(
                    AgentTestFrame(
                        stream: index, sequence: first + UInt64(frame), tick: ticks[frame],
                        rung: block.header.rung,
                        values: Array(values[frame * codec.dimension..<(frame + 1) * codec.dimension]),
                        isLow: block.header.sequence != .full(first)))
            }
        }
    }

    /// The number nearest to the highest one known.
    private func resolve(_ sequence: BlockSequence, stream: Int) -> UInt64 {
        switch sequence {
        case .full(let whole): return whole
        case .low(let low):
            let known = highest[stream] ?? 0
            let distance = Int64(Int8(bitPattern: low &- UInt8(truncatingIfNeeded: known)))
            return UInt64(Int64(known) + distance)
        }
    }

    private static func ticks(_ instant: MonotonicInstant) -> UInt32 {
        UInt32(truncatingIfNeeded: instant.nanoseconds / Tick.nanoseconds + 0xFFFF_0000)
    }

    /// Bytes written by a closure.
    static func datagram(_ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: PacketLimits.maximumDatagram)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            var output = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            write(&output)
            return unsafe output.finalize(for: buffer)
        }
        return Array(bytes[..<count])
    }
}
