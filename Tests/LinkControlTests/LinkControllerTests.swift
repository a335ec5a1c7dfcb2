import LinkControl
import Testing
import WireFormat

@Suite struct LinkControllerTests {
    @Test(arguments: [(20.0, 0.45), (64, 0.5), (500, 0.6), (2_000, 0.6)])
    func usesWhatTheLinkCarriesWithAShortQueue(kilobits: Double, share: Double) {
        var path = TestPath(capacity: .kilobitsPerSecond(kilobits), seed: 1)
        path.run(seconds: 20)
        let used = path.run(seconds: 40)
        #expect(used > share, "of \(kilobits) kbit/s")
        // A packet's own time on a slow link comes on top of the 48 ms that make the link congested.
        let packetMilliseconds = Double(path.largestPacket) * 8 / kilobits
        #expect(path.highQueueDelay < 100 + 2 * packetMilliseconds)
        #expect(path.controller.outages == 0)
    }

    @Test(arguments: [0.05, 0.2])
    func randomLossIsLearntAndDoesNotFreezeTheRate(loss: Double) {
        var path = TestPath(capacity: .megabitsPerSecond(1), seed: 2)
        path.loss = loss
        path.run(seconds: 30)
        let used = path.run(seconds: 30)
        #expect(used > 0.35, "with \(loss) lost")
        #expect(abs(path.controller.loss - loss) < 0.12)
    }

    @Test func aSqueezeLowersTheRateAndTheQueueDrains() {
        var path = TestPath(capacity: .megabitsPerSecond(2), seed: 3)
        path.run(seconds: 20)
        path.capacity = .kilobitsPerSecond(100)
        path.run(seconds: 5)
        #expect(path.controller.rate < .kilobitsPerSecond(200))
        path.run(seconds: 10)
        #expect(path.highQueueDelay < 200)
        path.capacity = .megabitsPerSecond(2)
        path.run(seconds: 30)
        #expect(path.controller.rate > .kilobitsPerSecond(800))
    }

    /// A packet of 2 s at the rate, though the largest burst is an eighth of it.
    @Test func whatIsSentBeyondTheBudgetIsOwed() throws {
        var now = MonotonicInstant(nanoseconds: 0)
        let rate = BitRate.kilobitsPerSecond(5)
        var controller = LinkController(
            configuration: LinkConfiguration(initialRate: rate, minimumRate: rate, maximumRate: rate),
            now: now)
        controller.packetSent(0, bytes: 1_228, now: now)
        controller.received(Report(newest: 0, newestArrival: 0), now: now)
        #expect(controller.bytesInFlight == 0)
        let reached = try #require(controller.budgetReaches(1, now: now))
        #expect(reached > now + .milliseconds(1_700) && reached < now + .milliseconds(1_900))
        now = reached - .milliseconds(10)
        #expect(controller.sendBudget(now: now) == 0)
        #expect(controller.sendBudget(now: reached) > 0)
    }

    @Test func anOutageLeavesAFewProbesAndEndsWithTheFirstReport() {
        var path = TestPath(capacity: .megabitsPerSecond(1), seed: 4)
        path.run(seconds: 10)
        path.isDown = true
        path.run(seconds: 4)
        guard case .outage = path.controller.state else {
            Issue.record("state is \(path.controller.state)")
            return
        }
        #expect(path.controller.outages == 1)
        let before = path.sentAt.count
        path.run(seconds: 30)
        let probes = path.sentAt[before...]
        #expect((9...15).contains(probes.count), "\(probes.count) probes in 30 s")
        path.isDown = false
        path.run(seconds: 4)
        #expect(!path.controller.isOutage)
        #expect(path.run(seconds: 20) > 0.3)
        #expect(path.controller.outages == 1)
    }

    @Test func hintsMakeSilenceCountSoonerAndNoMore() throws {
        var path = TestPath(capacity: .megabitsPerSecond(1), seed: 10)
        path.run(seconds: 10)
        path.isDown = true
        path.run(seconds: 0.1)
        let plain = path.controller
        for hint in ["carrier", "refused"] {
            var hinted = plain
            if hint == "carrier" {
                hinted.carrierChanged(isUp: false, now: path.now)
            } else {
                hinted.networkRefused(now: path.now)
            }
            #expect(
                hinted.rate == plain.rate
                    && hinted.sendBudget(now: path.now) == plain.sendBudget(now: path.now))
            #expect(try #require(hinted.nextDeadline) < #require(plain.nextDeadline), "\(hint)")
        }
    }

    @Test func aCarrierThatComesBackEndsTheWaitForTheNextProbe() {
        var path = TestPath(capacity: .megabitsPerSecond(1), seed: 11)
        path.run(seconds: 10)
        path.isDown = true
        path.run(seconds: 8)
        while path.controller.wantsProbe(now: path.now) { path.run(seconds: 0.01) }
        var controller = path.controller
        #expect(controller.isOutage)
        controller.carrierChanged(isUp: false, now: path.now)
        #expect(!controller.wantsProbe(now: path.now))
        controller.carrierChanged(isUp: true, now: path.now)
        #expect(controller.wantsProbe(now: path.now) && controller.isOutage)
    }

    @Test func aSenderThatNeedsLittleKeepsARateItTested() {
        var path = TestPath(capacity: .megabitsPerSecond(10), seed: 5)
        path.offered = .kilobitsPerSecond(100)
        path.largestPacket = 200
        path.run(seconds: 60)
        #expect(path.controller.rate > .kilobitsPerSecond(100))
        #expect(path.controller.rate < .kilobitsPerSecond(400))
    }

    @Test func aLostPacketOfASparseStreamIsNoOutage() {
        var path = TestPath(capacity: .megabitsPerSecond(1), seed: 6)
        path.offered = BitRate(bitsPerSecond: 256)
        path.largestPacket = 64
        path.loss = 0.2
        path.run(seconds: 300)
        #expect(path.controller.outages == 0)
    }

    @Test func lostReportsDoNotStopTheTraffic() {
        var path = TestPath(capacity: .kilobitsPerSecond(500), seed: 7)
        path.reportLoss = 0.3
        path.run(seconds: 20)
        #expect(path.run(seconds: 20) > 0.35)
    }

    @Test func sentBytesStayWithinTheRate() {
        var path = TestPath(capacity: .kilobitsPerSecond(300), seed: 8)
        for _ in 0..<200 {
            let rate = path.controller.rate.bitsPerSecond
            let before = path.sentBytes
            path.run(seconds: 0.1)
            let highest = max(rate, path.controller.rate.bitsPerSecond)
            // The burst of one latency budget, and a probe.
            #expect(Double(path.sentBytes - before) <= highest / 8 * 0.3 + 64)
        }
    }

    @Test func anotherPathStartsAnew() {
        var path = TestPath(capacity: .megabitsPerSecond(4), seed: 9)
        path.run(seconds: 20)
        var controller = path.controller
        controller.pathChanged(now: path.now)
        #expect(controller.state == .starting)
        #expect(controller.rate <= controller.configuration.initialRate)
        #expect(controller.bytesInFlight == 0)
        #expect(controller.smoothedRoundTrip == nil)
    }
}
