import LinkControl
import Testing
import WireFormat
import TestSupport

@Suite struct LinkControllerHostileTests {
    /// Reports of every kind of nonsense, between real ones: nothing traps, every bound holds.
    @Test(arguments: UInt64(1)...24)
    func nonsenseHarmsNothing(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let configuration = LinkConfiguration()
        var now = MonotonicInstant(nanoseconds: Int64.random(in: 0...1_000_000_000_000, using: &generator))
        var controller = LinkController(configuration: configuration, now: now)
        var sent: UInt32 = 0
        for _ in 0..<2_000 {
            now = now.advanced(by: .milliseconds(Int.random(in: 0...400, using: &generator)))
            controller.advance(to: now)
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                controller.packetSent(sent, bytes: Int.random(in: 40...1248, using: &generator), now: now)
                sent += 1
            }
            let newest: UInt32 =
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: UInt32(truncatingIfNeeded: generator.next())
                case 1: sent &+ UInt32.random(in: 0...5, using: &generator)
                default: UInt32.random(in: 0...max(sent, 1), using: &generator)
                }
            let ages = (0..<Int.random(in: 0...255, using: &generator)).map { _ in
                Bool.random(using: &generator) ? Int.random(in: 0...400, using: &generator) : nil
            }
            let report = makeReport(
                newest: newest, arrivalTicks: UInt32(truncatingIfNeeded: generator.next()), ages: ages,
                received: UInt32(truncatingIfNeeded: generator.next()))
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                controller.received(report, now: now)
            }
            #expect(
                controller.rate >= configuration.minimumRate && controller.rate <= configuration.maximumRate,
                "seed \(seed)")
            #expect(controller.sendBudget(now: now) >= 0, "seed \(seed)")
            #expect(controller.bytesInFlight >= 0, "seed \(seed)")
            #expect((0...1).contains(controller.loss), "seed \(seed)")
            #expect(controller.queueDelay >= .zero, "seed \(seed)")
            #expect(controller.nextDeadline.map { $0 >= now || controller.wantsProbe(now: now) } ?? true)
        }
        #expect(controller.implausibleReports > 0, "seed \(seed)")
    }

    @Test func reportsOfPacketsNeverSentChangeNothing() {
        let now = MonotonicInstant(nanoseconds: 0)
        var controller = LinkController(configuration: LinkConfiguration(), now: now)
        controller.packetSent(0, bytes: 100, now: now)
        let rate = controller.rate
        for newest in [1, 5, 4096, 8192, UInt32.max] {
            controller.received(
                makeReport(newest: newest, arrivalTicks: 0, ages: [0, 0], received: 3),
                now: now.advanced(by: .milliseconds(50)))
        }
        #expect(controller.implausibleReports == 5)
        #expect(controller.rate == rate)
        #expect(controller.bytesInFlight == 100)
    }

    @Test func aDuplicateReportIsCountedOnce() {
        let start = MonotonicInstant(nanoseconds: 0)
        var controller = LinkController(configuration: LinkConfiguration(), now: start)
        for sequence in 0..<4 { controller.packetSent(UInt32(sequence), bytes: 100, now: start) }
        let report = makeReport(newest: 3, arrivalTicks: 100, ages: [0, 0, 0], received: 4)
        controller.received(report, now: start.advanced(by: .milliseconds(60)))
        let after = controller.rate
        controller.received(report, now: start.advanced(by: .milliseconds(90)))
        #expect(controller.rate == after)
        #expect(controller.repeatedReports == 1)
        #expect(controller.bytesInFlight == 0)
    }

    @Test func moreThanTheHistoryInFlightIsForgottenNotLost() {
        let start = MonotonicInstant(nanoseconds: 0)
        var controller = LinkController(configuration: LinkConfiguration(), now: start)
        for sequence in 0..<5_000 { controller.packetSent(UInt32(sequence), bytes: 100, now: start) }
        #expect(controller.bytesInFlight == 4_096 * 100)
        controller.received(
            makeReport(newest: 4_999, arrivalTicks: 0, ages: [0], received: 2),
            now: start.advanced(by: .milliseconds(60)))
        #expect(controller.bytesInFlight == 0)
        #expect(controller.loss == 0)
    }

    @Test func aCollectorClockThatJumpsIsLearntAnew() {
        var now = MonotonicInstant(nanoseconds: 0)
        var controller = LinkController(configuration: LinkConfiguration(), now: now)
        for sequence in 0..<UInt32(200) {
            controller.packetSent(sequence, bytes: 100, now: now)
            now = now.advanced(by: .milliseconds(50))
            // After 100 packets the collector's clock is 10 minutes ahead.
            let jump: UInt32 = sequence < 100 ? 0 : 600 * 4_000
            controller.received(
                makeReport(newest: sequence, arrivalTicks: sequence * 200 + jump, ages: [], received: 1),
                now: now)
        }
        #expect(controller.queueDelay < .milliseconds(10))
        #expect(controller.state != .congested)
    }
}
