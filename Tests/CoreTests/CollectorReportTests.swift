import CollectorCore
import Testing
import WireFormat

/// When reports come, and what they say.
@Suite struct CollectorReportTests {
    let bundle = CollectorBundle(1)

    @Test func theFirstReportIsQuickAndTheOthersKeepTheirInterval() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        let start = bench.now
        _ = bench.take()
        for index in 0..<100 as Range<UInt64> {
            bench.receive(try agent.data(bundle, index..<index + 1))
            bench.pass(.milliseconds(10))
        }
        let reports = bench.take().filter { $0.report != nil }
        #expect(reports.first?.instant == start + .milliseconds(5))
        for (former, next) in zip(reports, reports.dropFirst()) {
            #expect(former.instant.duration(to: next.instant) == .milliseconds(100))
        }
        #expect(reports.count == 10)
        #expect(reports.compactMap(\.header?.sequence) == Array(1...10), "the accept had number 0")
        bench.pass(.seconds(10))
        #expect(bench.take().filter { $0.report != nil }.count == 1, "no packets, no reports")
    }

    @Test func aBurstIsReportedBeforeEntriesRunOut() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        bench.pass(.milliseconds(50))
        _ = bench.take()
        for index in 0..<1_000 as Range<UInt64> { bench.receive(try agent.data(bundle, index..<index + 1)) }
        let reports = bench.take().compactMap(\.report)
        #expect(reports.count == 7)
        for (former, next) in zip(reports, reports.dropFirst()) {
            #expect(Int(next.newest) - next.entryCount <= Int(former.newest) - 31, "reports overlap")
        }
    }

    /// An address translator forgot the agent's address: the new one is not proved, and reports are as long as what
    /// came from there allows.
    @Test func aSparseStreamIsReportedToItsNewAddress() throws {
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        for index in 0..<100 as Range<UInt64> { bench.receive(try agent.data(bundle, index..<index + 1)) }
        bench.pass(.seconds(1))
        _ = bench.take()
        let address = PeerAddress(ipv4: 0x7F00_0001, port: 40_001)
        var came = 0
        for index in 100..<110 as Range<UInt64> {
            let packet = try agent.data(bundle, index..<index + 1)
            came += packet.count
            bench.receive(packet, from: address)
            bench.pass(.seconds(1))
        }
        let packets = bench.take().filter { $0.address == address }
        #expect(packets.reduce(0) { $0 + $1.byteCount } <= came)
        let reports = packets.compactMap(\.report)
        #expect(reports.count >= 5)
        for (former, next) in zip(reports, reports.dropFirst()) {
            #expect(Int(next.newest) - next.entryCount <= Int(former.newest) + 1, "no packet is left out")
        }
    }

    /// Against a plain record of what came when.
    @Test(arguments: [UInt64.random(in: 0 ... .max), 11, 12]) func reportsSayWhatCame(seed: UInt64) throws {
        print("reports from seed \(seed)")
        var random = CollectorRandom(seed: seed)
        var bench = CollectorBench(bundles: [bundle])
        var agent = try CollectorAgent(bundles: [bundle])
        try agent.connect(to: &bench)
        var arrivals: [UInt32: MonotonicInstant] = [0: bench.now]
        _ = bench.take()
        for _ in 0..<2_000 {
            var packets = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (number: agent.nextSequence, bytes: agent.keepAlive())
            }
            packets.removeAll { _ in Int.random(in: 0..<5, using: &random) == 0 }
            for packet in packets.shuffled(using: &random) {
                bench.receive(packet.bytes)
                arrivals[packet.number] = bench.now
                try check(bench.take(), arrivals, seed: seed)
                bench.now = bench.now + .microseconds(Int.random(in: 0...9_000, using: &random))
                bench.drain()
                try check(bench.take(), arrivals, seed: seed)
            }
            bench.pass(.microseconds(Int.random(in: 0...30_000, using: &random)))
            try check(bench.take(), arrivals, seed: seed)
        }
        let session = bench.core.status.sessions[0]
        #expect(session.packetsReceived == UInt64(arrivals.count), "seed \(seed)")
        #expect(session.packetsLost == UInt64(try #require(arrivals.keys.max())) + 1 - UInt64(arrivals.count))
    }

    private func check(
        _ packets: [CollectorPacket], _ arrivals: [UInt32: MonotonicInstant], seed: UInt64
    ) throws {
        for report in packets.compactMap(\.report) {
            let newest = try #require(arrivals[report.newest], "seed \(seed)")
            #expect(arrivals.keys.max() == report.newest, "seed \(seed)")
            #expect(Int64(report.newestArrival) == newest.nanoseconds / Tick.nanoseconds)
            #expect(Int(report.received) == arrivals.count)
            #expect(report.entryCount >= min(32, Int(report.newest)))
            for index in 0..<report.entryCount {
                let arrival = arrivals[report.newest - 1 - UInt32(index)]
                let milliseconds = arrival.map { Int($0.duration(to: newest).wholeNanoseconds / 1_000_000) }
                let expected: Report.Entry =
                    milliseconds.map { .received(millisecondsBefore: $0 >= 250 ? nil : max(0, $0)) }
                    ?? .missing
                #expect(
                    report.entry(index) == expected, "seed \(seed): packet \(report.newest) entry \(index)")
            }
        }
    }
}
