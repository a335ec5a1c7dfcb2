import LinkControl
import TestSupport
import Testing
import WireFormat

@Suite struct ByteBudgetTests {
    private static let day: Int64 = 86_400
    /// 2026-01-30T00:00:00Z: the next month begins two days later.
    private static let january30: Int64 = 1_769_731_200

    /// Over random traffic, crashes and slow disks no calendar day or month has more than its cap, whatever was
    /// asked for, and the answers that packets brought included.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func noPeriodPassesItsCap(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let caps = ByteBudgetConfiguration(
            bytesPerDay: seed % 3 == 2 ? nil : .random(in: 1_000_000...6_000_000, using: &generator),
            bytesPerMonth: seed % 3 == 1 ? nil : .random(in: 2_000_000...20_000_000, using: &generator),
            monthStartsOn: .random(in: 1...28, using: &generator))
        var gateway = BudgetGateway(caps, start: Self.january30, seed: seed)
        for _ in 0..<60 {
            gateway.demand = .random(in: 0...20_000, using: &generator)
            gateway.run(seconds: .random(in: 600...20_000, using: &generator))
            if .random(in: 0..<3, using: &generator) == 0 {
                try gateway.crash(for: .random(in: 0...90_000, using: &generator))
            }
            if .random(in: 0..<5, using: &generator) == 0 { try gateway.stopAndStart() }
        }
        for (day, bytes) in gateway.days {
            #expect(bytes <= caps.bytesPerDay ?? .max, "seed \(seed), day \(day)")
        }
        for (month, bytes) in gateway.months {
            #expect(bytes <= caps.bytesPerMonth ?? .max, "seed \(seed), month from \(month)")
        }
        #expect(gateway.frameBytes > 0, "seed \(seed)")
    }

    /// The same on a gateway whose clock starts in 1970 or at its last shutdown with every start of the machine, and
    /// is put right some time later.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func aClockThatJumpsGivesNothingTwice(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 1_000 + seed)
        let caps = ByteBudgetConfiguration(
            bytesPerDay: seed % 3 == 2 ? nil : .random(in: 1_000_000...6_000_000, using: &generator),
            bytesPerMonth: seed % 3 == 1 ? nil : .random(in: 2_000_000...20_000_000, using: &generator))
        var gateway = BudgetGateway(caps, start: Self.january30, seed: seed)
        for _ in 0..<40 {
            gateway.demand = .random(in: 0...20_000, using: &generator)
            gateway.clockError = -(.random(in: 0...1, using: &generator) == 0 ? gateway.second : 86_400 * 3)
            gateway.isSynchronized = false
            try gateway.crash(for: .random(in: 0...200_000, using: &generator), machine: true)
            gateway.run(seconds: .random(in: 600...40_000, using: &generator))
            gateway.clockError = 0
            gateway.isSynchronized = true
            gateway.run(seconds: .random(in: 600...100_000, using: &generator))
        }
        for (day, bytes) in gateway.days {
            #expect(bytes <= caps.bytesPerDay ?? .max, "seed \(seed), day \(day)")
        }
        for (month, bytes) in gateway.months {
            #expect(bytes <= caps.bytesPerMonth ?? .max, "seed \(seed), month from \(month)")
        }
        #expect(gateway.frameBytes > 0, "seed \(seed)")
    }

    /// Who asks for more than there is gets an even share to the end, not everything at once and then nothing.
    @Test func theRestIsSharedEvenly() {
        let cap = 24_000_000
        var gateway = BudgetGateway(ByteBudgetConfiguration(bytesPerDay: cap), start: Self.january30, seed: 1)
        gateway.demand = 100_000
        var hours: [Int] = []
        for _ in 0..<24 {
            let before = gateway.bytes
            gateway.run(seconds: 3_600)
            hours.append(gateway.bytes - before)
        }
        let even = cap / 24
        // The first hour has the burst, at most an hour's worth, besides.
        #expect(hours[0] > even * 5 / 4 && hours[0] < even * 5 / 2, "\(hours)")
        for hour in hours[1...] { #expect(hour > even * 3 / 4 && hour < even * 5 / 4, "\(hours)") }
        #expect(hours.reduce(0, +) > cap * 95 / 100, "\(hours)")
    }

    /// Who asks for less than an even share gets all of it, and bursts besides.
    @Test func whoSavedMaySendFast() {
        var gateway = BudgetGateway(
            ByteBudgetConfiguration(bytesPerDay: 24_000_000), start: Self.january30, seed: 2)
        gateway.demand = 100
        gateway.longestStep = 200_000_000
        gateway.run(seconds: 7_200)
        let quiet = gateway.frameBytes
        #expect(quiet > 100 * 7_200 * 9 / 10)
        gateway.demand = 10_000
        gateway.run(seconds: 30)
        #expect(gateway.frameBytes - quiet > 30 * 10_000 * 9 / 10)
    }

    /// In no time does more go out than the second's cap gives, and one packet.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func theSecondsCapHoldsOverAnyTime(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let cap = Int.random(in: 125...200_000, using: &generator)
        var now = MonotonicInstant(nanoseconds: 7)
        var budget = ByteBudget(
            configuration: ByteBudgetConfiguration(bytesPerSecond: cap), now: now,
            wall: WallTime(nanoseconds: 0), isSynchronized: false)
        var sent: [(at: MonotonicInstant, bytes: Int)] = []
        for _ in 0..<20_000 {
            now = now + .microseconds(.random(in: 0...20_000, using: &generator))
            budget.advance(to: now)
            while true {
                let bytes = Int.random(in: 40...1_228, using: &generator)
                guard bytes <= budget.available else { break }
                budget.sent(bytes, now: now)
                sent.append((now, bytes))
            }
        }
        let spurt = max(1_248, cap / 8)
        for start in stride(from: 0, to: sent.count, by: 97) {
            var sum = 0
            for packet in sent[start...].prefix(200) {
                sum += packet.bytes
                let seconds = Double((packet.at - sent[start].at).wholeNanoseconds) / 1e9
                #expect(Double(sum) <= Double(cap) * seconds + Double(spurt) + 1, "seed \(seed)")
            }
        }
        let total = Double((now - MonotonicInstant(nanoseconds: 7)).wholeNanoseconds) / 1e9
        #expect(Double(sent.reduce(0) { $0 + $1.bytes }) > 0.8 * Double(cap) * total, "seed \(seed)")
    }

    /// Where nothing is left one small packet a minute goes, and the next day frames again.
    @Test func anExhaustedDayHasKeepAlives() {
        var gateway = BudgetGateway(
            ByteBudgetConfiguration(bytesPerDay: 10_000_000), start: Self.january30 + 43_200, seed: 3)
        gateway.budget.received(9_893_000, now: gateway.now)
        #expect(gateway.budget.isExhausted)
        gateway.demand = 10_000
        gateway.run(seconds: 600)
        #expect(gateway.frameBytes == 0)
        #expect(gateway.controlPackets >= 9 && gateway.controlPackets <= 11, "\(gateway.controlPackets)")
        gateway.run(seconds: 43_200)
        #expect(gateway.frameBytes > 0)
        #expect(gateway.days.values.allSatisfy { $0 <= 10_000_000 })
    }

    /// What cannot be read counts as all that the pace can have let through.
    @Test func anUnreadableStateGivesNothingBack() throws {
        let caps = ByteBudgetConfiguration(bytesPerDay: 10_000_000, bytesPerMonth: 100_000_000)
        var gateway = BudgetGateway(caps, start: Self.january30, seed: 4)
        gateway.demand = 50_000
        gateway.run(seconds: 50_000)
        let used = gateway.budget.status().periods.map(\.used)
        var other = ByteBudget(
            configuration: caps, now: gateway.now, wall: gateway.wall, isSynchronized: true)
        other.assumeMostUsed()
        for (period, used) in zip(other.status().periods, used) { #expect(period.used >= used) }
        #expect(!other.isExhausted)
    }
}
