import LinkControl
import WireFormat
import TestSupport

/// A link with a queue, a collector that reports, and a sender that obeys its controller, in steps of 1 ms.
struct TestPath {
    /// What the link does from now on.
    var capacity: BitRate
    var delayMilliseconds = 25
    var loss = 0.0
    var reportLoss = 0.0
    var isDown = false
    var queueLimitMilliseconds = 500.0
    /// What the sender has to send; nil for as much as it may.
    var offered: BitRate?
    var largestPacket = 400
    let smallestPacket = 64

    private(set) var controller: LinkController
    private(set) var milliseconds = 0
    private(set) var sentBytes = 0
    private(set) var deliveredBytes = 0
    /// Queueing delay of every delivered packet, in milliseconds.
    private(set) var queueDelays: [Double] = []
    private(set) var sentAt: [Int] = []

    private var generator: SeededGenerator
    private var nextSequence: UInt32 = 0
    private var linkFreeAt = 0.0
    private var inTransit: [(arrival: Double, sequence: UInt32)] = []
    private var arrivals: [UInt32: Int] = [:]
    private var newestArrived: UInt32?
    private var hasNewArrivals = false
    private var nextReport = 0
    private var reports: [(arrival: Int, report: Report)] = []
    private var backlog = 0.0
    private let collectorClockOffset: UInt32

    init(capacity: BitRate, seed: UInt64, configuration: LinkConfiguration = LinkConfiguration()) {
        self.capacity = capacity
        generator = SeededGenerator(seed: seed)
        collectorClockOffset = UInt32(truncatingIfNeeded: generator.next())
        controller = LinkController(configuration: configuration, now: MonotonicInstant(nanoseconds: 0))
    }

    var now: MonotonicInstant { MonotonicInstant(nanoseconds: Int64(milliseconds) * 1_000_000) }

    /// Runs for a time and gives the share of the link's capacity that was delivered.
    @discardableResult
    mutating func run(seconds: Double) -> Double {
        let before = deliveredBytes
        queueDelays.removeAll()
        for _ in 0..<Int(seconds * 1_000) { step() }
        return Double(deliveredBytes - before) * 8 / (capacity.bitsPerSecond * seconds)
    }

    /// The queueing delay that 95 % of the packets of the last run stayed within, in milliseconds.
    var highQueueDelay: Double {
        let sorted = queueDelays.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count * 95 / 100]
    }

    private mutating func step() {
        milliseconds += 1
        deliver()
        report()
        controller.advance(to: now)
        send()
    }

    private mutating func send() {
        backlog = offered.map { min(backlog + $0.bitsPerSecond / 8_000, 4_000) } ?? .infinity
        while true {
            let size = min(controller.sendBudget(now: now), largestPacket)
            if size >= smallestPacket, backlog >= Double(size) {
                put(size)
            } else if controller.wantsProbe(now: now) {
                put(smallestPacket)
            } else {
                return
            }
        }
    }

    private mutating func put(_ bytes: Int) {
        controller.packetSent(nextSequence, bytes: bytes, now: now)
        backlog = max(0, backlog - Double(bytes))
        sentBytes += bytes
        sentAt.append(milliseconds)
        let start = max(linkFreeAt, Double(milliseconds))
        let waits = start - Double(milliseconds)
        defer { nextSequence += 1 }
        if isDown || waits > queueLimitMilliseconds { return }
        linkFreeAt = start + Double(bytes) * 8_000 / capacity.bitsPerSecond
        if Double.random(in: 0..<1, using: &generator) < loss { return }
        queueDelays.append(waits)
        inTransit.append((linkFreeAt + Double(delayMilliseconds), nextSequence))
        deliveredBytes += bytes
    }

    private mutating func deliver() {
        while let first = inTransit.first, first.arrival <= Double(milliseconds) {
            inTransit.removeFirst()
            arrivals[first.sequence] = milliseconds
            newestArrived = max(newestArrived ?? 0, first.sequence)
            hasNewArrivals = true
        }
        while let first = reports.first, first.arrival <= milliseconds {
            reports.removeFirst()
            controller.received(first.report, now: now)
        }
    }

    private mutating func report() {
        guard hasNewArrivals, milliseconds >= nextReport, let newest = newestArrived,
            let arrival = arrivals[newest]
        else { return }
        hasNewArrivals = false
        nextReport = milliseconds + 50
        if isDown || Double.random(in: 0..<1, using: &generator) < reportLoss { return }
        let ages = (1...64).prefix { $0 <= Int(newest) }.map { back in
            arrivals[newest - UInt32(back)].map { max(0, arrival - $0) }
        }
        let made = makeReport(
            newest: newest, arrivalTicks: UInt32(arrival * 4) &+ collectorClockOffset, ages: ages,
            received: UInt32(arrivals.count))
        reports.append((milliseconds + delayMilliseconds, made))
    }
}

/// A report; `ages` are milliseconds before the newest for the packets before it, nil for a missing one.
func makeReport(newest: UInt32, arrivalTicks: UInt32, ages: [Int?], received: UInt32) -> Report {
    Report(
        newest: newest, newestArrival: arrivalTicks,
        entries: ages.map { $0.map { UInt8(1 + min(250, $0)) } ?? 0 })
}
