import CollectorCore
import Quantization
import Testing
import WireFormat

/// What frames come out of what packets.
@Suite struct CollectorDeliveryTests {
    @Test func framesAreWhatTheDecoderGives() throws {
        let bundle = CollectorBundle(1)
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        for (sequences, rung) in [(0..<1, 0), (1..<5, 1), (5..<69, 1)] as [(Range<UInt64>, Int)] {
            agent.sendTick = agent.sendTick.advanced(by: 4_000)
            bench.now = bench.now + .seconds(1)
            bench.frames = []
            bench.receive(try agent.data(bundle, sequences, rung: rung))
            let expected = try bundle.coded(sequences, rung: rung).frames
            #expect(bench.frames.map(\.values) == expected)
            #expect(bench.frames.map(\.frame.sequence) == Array(sequences))
            for (index, frame) in bench.frames.map(\.frame).enumerated() {
                let age = 3 + Int64(sequences.count - 1 - index) * 20
                let tick = agent.sendTick.advanced(by: -age)
                #expect(frame.agentTime == tick.wallTime(wallAtTickZero: agent.wallAtTickZero))
                #expect(frame.arrival == bench.wall && frame.rung == rung && frame.clockSynced)
                #expect(frame.gateway == "gw" && frame.stream == "s0" && frame.bundle == bundle.identity)
            }
        }
    }

    @Test func ticksGoOnPastTheirTwentyFourBits() throws {
        let bundle = CollectorBundle(1)
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        agent.sendTick = Tick((3 << 24) - 10_000)
        try agent.connect(to: &bench)
        for sequence in 0..<10 as Range<UInt64> {
            bench.receive(try agent.data(bundle, sequence..<sequence + 1))
            let tick = agent.sendTick.advanced(by: -3)
            #expect(bench.frames.last?.frame.agentTime == tick.wallTime(wallAtTickZero: agent.wallAtTickZero))
            bench.now = bench.now + .seconds(60)
            agent.sendTick = agent.sendTick.advanced(by: 60 * 4_000)
        }
        #expect(bench.frames.count == 10)
        // A packet that claims to be half an hour off is dated so itself, and the next one is not.
        let sentAt = agent.sendTick
        agent.sendTick = sentAt.advanced(by: 8_388_000)
        bench.receive(try agent.data(bundle, 10..<11))
        agent.sendTick = sentAt.advanced(by: -1_000)
        bench.receive(try agent.data(bundle, 11..<12))
        let tick = agent.sendTick.advanced(by: -3)
        #expect(bench.frames.last?.frame.agentTime == tick.wallTime(wallAtTickZero: agent.wallAtTickZero))
    }

    @Test func missingFramesAreTakenOffWhenTheyCome() throws {
        let bundle = CollectorBundle(1)
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        let packets = try [0..<1, 1..<3, 3..<6, 6..<7].map { try agent.data(bundle, $0) }
        bench.receive(packets[0])
        bench.receive(packets[3])
        var status = bench.core.status.sessions[0]
        #expect(status.streams[0].missing == 5 && status.packetsLost == 2)
        bench.receive(packets[1])
        bench.receive(packets[1])
        status = bench.core.status.sessions[0]
        #expect(status.streams[0].missing == 3 && status.packetsLost == 1)
        #expect(bench.core.status.counters.dropped(.duplicatePacket) == 1)
        bench.receive(packets[2])
        bench.receive(try agent.data(bundle, 2..<8))
        status = bench.core.status.sessions[0]
        #expect(status.streams[0].missing == 0 && status.packetsLost == 0)
        #expect(status.streams[0].framesDelivered == 8 && status.streams[0].duplicates == 5)
        #expect(status.streams[0].lastSequence == 7)
        #expect(bench.frames.map(\.frame.sequence) == [0, 6, 1, 2, 3, 4, 5, 7])
        bench.receive(try agent.data(bundle, 5_000..<5_001))
        bench.receive(try agent.data(bundle, 7..<8))
        #expect(bench.core.status.counters.dropped(.lateFrame) == 1)
    }

    /// An agent that follows the rules of low sequences over a link that loses, repeats and reorders: each frame
    /// that arrived in some packet is delivered once, as it was sent.
    @Test(arguments: [UInt64.random(in: 0 ... .max), 1, 2, 3, 4, 5])
    func anyLinkDeliversEachArrivedFrameOnce(seed: UInt64) throws {
        print("link from seed \(seed)")
        var random = CollectorRandom(seed: seed)
        let bundle = CollectorBundle(1)
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        let (loss, reordering) = (
            Int.random(in: 0...40, using: &random), Int.random(in: 0...30, using: &random)
        )
        var underway: [(packet: [UInt8], frames: Range<UInt64>, due: Int)] = []
        var arrived: Set<UInt64> = []
        var acknowledged: UInt64?
        var next: UInt64 = 0
        for step in 0..<1_500 {
            if Int.random(in: 0..<50, using: &random) == 0 {
                next += UInt64.random(in: 1...300, using: &random)
            }
            let frames = next..<next + UInt64.random(in: 1...20, using: &random)
            let low = acknowledged.map { frames.lowerBound < $0 + PacketLimits.lowSequenceReach } ?? false
            let packet = try agent.data(bundle, frames, rung: step % 2, low: low)
            next = frames.upperBound
            if Int.random(in: 0..<100, using: &random) >= loss {
                for _ in 0..<(Int.random(in: 0..<10, using: &random) == 0 ? 2 : 1) {
                    underway.append((packet, frames, step + Int.random(in: 0...reordering, using: &random)))
                }
            }
            let due = underway.filter { $0.due <= step }
            underway.removeAll { $0.due <= step }
            for (packet, frames, _) in due.shuffled(using: &random) {
                bench.receive(packet)
                arrived.formUnion(frames)
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                acknowledged = bench.core.status.sessions[0].streams[0].lastSequence
            }
        }
        let status = bench.core.status
        let delivered = bench.frames.map(\.frame.sequence)
        #expect(Set(delivered).count == delivered.count, "seed \(seed): a frame was delivered twice")
        #expect(Set(delivered).isSubset(of: arrived), "seed \(seed): a frame was made up")
        let given = status.counters.dropped(.unknownSequence) + status.counters.dropped(.lateFrame)
        #expect(given > 0 || Set(delivered) == arrived, "seed \(seed): frames are gone without a reason")
        if reordering <= 3 { #expect(given == 0, "seed \(seed): \(status.counters)") }
        for frame in bench.frames {
            let sequence = frame.frame.sequence
            let expected = try bundle.coded(sequence..<sequence + 1, rung: frame.frame.rung).frames[0]
            #expect(frame.values == expected, "seed \(seed): frame \(sequence)")
        }
        let stream = status.sessions[0].streams[0]
        let span = try #require(delivered.max()) - #require(delivered.min()) + 1
        #expect(stream.missing == span - UInt64(delivered.count), "seed \(seed)")
    }

    @Test func aLowSequenceNeedsAFrameBefore() throws {
        let bundle = CollectorBundle(1)
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        bench.receive(try agent.data(bundle, 300..<301, low: true))
        #expect(bench.frames.isEmpty && bench.core.status.counters.dropped(.unknownSequence) == 1)
        bench.receive(try agent.data(bundle, 300..<301))
        bench.receive(try agent.data(bundle, 399..<400, low: true))
        #expect(bench.frames.map(\.frame.sequence) == [300, 399])
    }

    @Test func aBlockMayNameAnotherBundleOfTheSession() throws {
        let bundles = [CollectorBundle(1), CollectorBundle(2), CollectorBundle(3, tokenDimension: 5)]
        var bench = CollectorBench(bundles: bundles)
        var agent = try CollectorAgent(bundles: bundles)
        try agent.connect(to: &bench)
        bench.receive(try agent.data(bundles[1], stream: 0, 0..<2, number: 1))
        #expect(bench.frames.map(\.values) == (try bundles[1].coded(0..<2, rung: 1).frames))
        #expect(bench.frames.map(\.frame.bundle) == [bundles[1].identity, bundles[1].identity])
        bench.receive(try agent.data(bundles[2], stream: 0, 2..<3, number: 2))
        bench.receive(try agent.data(bundles[0], stream: 0, 2..<3, number: 9))
        #expect(bench.core.status.counters.dropped(.unknownBundle) == 2)
    }

    @Test func largeFramesAreDeliveredWhenComplete() throws {
        let bundle = CollectorBundle(4, tokens: 100, tokenDimension: 3)
        var bench = CollectorBench(bundles: [bundle]) { $0.maximumPartialFramesPerSession = 2 }
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        let parts = [60..<100, 0..<10, 10..<60]
        for part in [parts[0], parts[1], parts[0]] {
            bench.receive(try agent.data(bundle, 0..<1, tokens: part))
        }
        #expect(bench.frames.isEmpty && bench.core.status.partialFrames == 1)
        bench.receive(try agent.data(bundle, 0..<1, rung: 0, tokens: parts[2]))
        #expect(bench.core.status.counters.dropped(.mismatchedPart) == 1)
        bench.receive(try agent.data(bundle, 0..<1, tokens: parts[2]))
        #expect(bench.frames.map(\.values) == (try bundle.coded(0..<1, rung: 1).frames))
        #expect(bench.core.status.partialFrames == 0)
        bench.receive(try agent.data(bundle, 0..<1, tokens: parts[1]))
        #expect(bench.core.status.counters.dropped(.duplicateFrame) == 2)

        // Three begun, room for two: the oldest goes, even if its last part comes.
        for sequence in 1...3 as ClosedRange<UInt64> {
            bench.receive(try agent.data(bundle, sequence..<sequence + 1, tokens: 0..<60))
        }
        #expect(bench.core.status.partialFrames == 2)
        #expect(bench.core.status.counters.dropped(.partialFrame) == 1)
        for sequence in [2, 3] as [UInt64] {
            bench.receive(try agent.data(bundle, sequence..<sequence + 1, tokens: parts[0]))
        }
        #expect(bench.frames.map(\.frame.sequence) == [0, 2, 3])
        bench.receive(try agent.data(bundle, 1..<2, tokens: parts[0]))
        bench.pass(.seconds(12))
        #expect(bench.core.status.partialFrames == 0)
        #expect(bench.core.status.counters.dropped(.partialFrame) == 2)
    }
}
