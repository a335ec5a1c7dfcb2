import AgentCore
import EntropyCoding
import LinkControl
import Quantization
import Testing
import WireFormat

/// What is in packets, and when the agent wakes up for them.
@Suite struct AgentPacketTests {
    /// A stream of `tokens` tokens of exactly 8 bits each.
    private static func exact(tokens: Int, maximumAge: Duration = .seconds(2)) -> AgentStreamConfiguration {
        AgentStreamConfiguration(
            name: "exact", codec: CollectorBundle(1, tokens: tokens).codec,
            bundle: CollectorBundle.identity(1), maximumAge: maximumAge, minimumRung: 1)
    }

    /// Frames that always have the first symbol take no bytes, and yet their headers fill packets.
    @Test func framesWithoutPayloadFillPackets() throws {
        let shape = FrameShape(tokens: 1, tokenDimension: 2)
        let codebook = Codebook(codewords: [0, 0, 1, 1], size: 2, dimension: 2)
        let ladder = Ladder(rungs: [Rung(sizes: [2], codedBitsPerFrame: 0.1, mse: 0.1)])
        let codec = FrameCodec(
            normalization: Normalization(mean: [0, 0], scale: 1),
            quantizer: ResidualQuantizer(
                shape: shape, stages: [ResidualStage(base: codebook)], ladder: ladder,
                tables: [[FrequencyTable(counts: [9, 1])]]))
        let streams = (0..<250).map {
            AgentStreamConfiguration(
                name: "idle\($0)", codec: codec, bundle: AgentTestStreams.identity(1))
        }
        var path = AgentTestPath(streams: streams, initialRate: .megabitsPerSecond(5))
        try path.run(.seconds(2))
        for _ in 0..<3 {
            for stream in streams.indices { path.offer(stream, values: [0, 0]) }
            try path.run(.milliseconds(500))
        }
        #expect(path.peer.frames.count == 750)
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
        #expect(path.sent.contains { $0.type == .data && $0.bytes > 1_180 + PacketLimits.ipv4Overhead })
    }

    /// The squares of finite values may overflow; nothing else may suffer from it.
    @Test(arguments: [Float.greatestFiniteMagnitude, -9.97e36, 1e19])
    func hugeValuesHarmNothing(value: Float) throws {
        var path = AgentTestPath(streams: AgentDeliveryTests.streams())
        try path.run(.seconds(2), frameMilliseconds: 20)
        for stream in path.codecs.indices {
            path.offer(
                stream, values: [Float](repeating: value, count: path.codecs[stream].dimension))
        }
        try path.run(.seconds(2), frameMilliseconds: 20)
        try path.run(.seconds(1))
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
        for (index, stream) in path.agent.status(now: path.now).streams.enumerated() {
            let received = path.sequences(index)
            #expect(received == Array(0..<201))
            #expect(try #require(stream.measuredDistortion).isFinite)
        }
    }

    @Test func partsOfLargeFramesFillTheirPackets() throws {
        var path = AgentTestPath(streams: [Self.exact(tokens: 3_000)], initialRate: .megabitsPerSecond(5))
        try path.run(.seconds(1))
        let before = path.sent.count
        path.offer(0)
        try path.run(.seconds(1))
        let received = path.sequences(0)
        #expect(received == [0])
        let sizes = path.sent[before...].filter { $0.type == .data }.map(\.bytes)
        #expect(sizes.count == 3)
        let largest = PacketLimits.maximumDatagram + PacketLimits.ipv4Overhead
        #expect(sizes.prefix(2).allSatisfy { largest - 4...largest ~= $0 }, "\(sizes)")
    }

    /// About a datagram's size frames begin to go in parts, wherever exactly: headers of frames dated far in the
    /// future are long.
    @Test(arguments: 1_165...1_190, [UInt64(0), .max])
    func framesOfAboutAPacketTravel(tokens: Int, timestamp: UInt64) throws {
        var path = AgentTestPath(streams: [Self.exact(tokens: tokens)], initialRate: .megabitsPerSecond(2))
        try path.run(.seconds(1))
        for _ in 0..<10 {
            path.offer(0, timestamp: timestamp)
            try path.run(.milliseconds(200))
        }
        try path.run(.seconds(1))
        let received = path.sequences(0)
        #expect(received == Array(0..<10))
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue)
        #expect(path.idleWakeups.allSatisfy { $0 <= 20 }, "\(path.idleWakeups)")
    }

    /// Whatever the streams, the link and the frames' dates: a deadline means a packet, a dropped frame, or budget.
    @Test(arguments: UInt64(1)...24)
    func deadlinesAreForSomething(seed: UInt64) throws {
        var generator = AgentTestGenerator(seed: seed)
        let streams = (0..<Int.random(in: 1...6, using: &generator)).map { index in
            let sizes = [1, 4, 30, 300, 1_150, 1_180, 3_000]
            let tokens = sizes[Int.random(in: 0..<sizes.count, using: &generator)]
            return AgentStreamConfiguration(
                name: "s\(index)", codec: AgentTestStreams.codec(seed: seed, tokens: tokens),
                bundle: AgentTestStreams.identity(UInt8(index)),
                latencyBudget: .milliseconds(Int.random(in: 5...300, using: &generator)),
                minimumRung: Int.random(in: 0...2, using: &generator))
        }
        let rate = BitRate.kilobitsPerSecond(Double.random(in: 2...500, using: &generator))
        var path = AgentTestPath(streams: streams, seed: seed, initialRate: rate, maximumRate: rate)
        path.loss = seed % 3 == 0 ? 0.1 : 0
        for second in 0..<20 {
            path.isDown = seed % 4 == 0 && (8..<12).contains(second)
            for _ in 0..<50 {
                for stream in streams.indices {
                    let dates: [UInt64] = [0, .max, UInt64(path.wall.nanoseconds) + 1_000_000_000]
                    path.offer(stream, timestamp: dates[Int.random(in: 0..<3, using: &generator)])
                }
                try path.run(.milliseconds(20))
            }
        }
        let isTrue = try path.receivedIsTrue()
        #expect(isTrue, "seed \(seed)")
        let limit = 50 + 50 * streams.count
        #expect(path.idleWakeups.allSatisfy { $0 <= limit }, "seed \(seed): \(path.idleWakeups)")
    }
}
