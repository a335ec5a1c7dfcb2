import LinkControl
import TestSupport
import Testing
import WireFormat

@Suite struct ByteBudgetStateTests {
    private static let state = ByteBudgetState(
        time: 1_769_731_200_000_000_123, monotonic: 77, isBehind: true,
        day: .init(
            counted: 12_345, provisional: 45, behindFor: 6, otherStart: 1_769_644_800, otherCounted: 7),
        month: .init(counted: 1 << 40, provisional: 0, behindFor: 0, otherStart: 0, otherCounted: 0))

    @Test func textComesBack() throws {
        var states = [Self.state, Self.state, Self.state]
        states[1].day = nil
        states[2].month = nil
        for state in states { #expect(try ByteBudgetState(parsing: state.text) == state) }
    }

    @Test func anyDamageIsSeen() {
        let text = Self.state.text
        for length in 0..<text.count {
            #expect(throws: ByteBudgetStateError.self) {
                try ByteBudgetState(parsing: Array(text.prefix(length)))
            }
        }
        for index in text.indices {
            for bit in 0..<8 {
                var damaged = text
                damaged[index] ^= 1 << bit
                #expect(throws: ByteBudgetStateError.self) { try ByteBudgetState(parsing: damaged) }
            }
        }
        #expect(throws: ByteBudgetStateError.self) { try ByteBudgetState(parsing: text + text) }
        #expect(throws: ByteBudgetStateError.self) {
            try ByteBudgetState(parsing: Array(repeating: 10, count: 1 << 20))
        }
    }

    /// Numbers of any size, with a right checksum, are read or refused, and a budget lives with them.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func anyNumbersDoNoHarm(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        func number() -> Int64 {
            Int64.random(in: 0...(.max), using: &generator) >> Int64.random(in: 0..<64, using: &generator)
        }
        var state = Self.state
        state.time = number()
        state.monotonic = number()
        state.isBehind = .random(using: &generator)
        state.day = .init(
            counted: Int(number()), provisional: Int(number()), behindFor: Int(number()),
            otherStart: number(),
            otherCounted: Int(number()))
        guard let read = try? ByteBudgetState(parsing: state.text) else { return }
        var now = MonotonicInstant(nanoseconds: number() / 2)
        var budget = ByteBudget(
            configuration: ByteBudgetConfiguration(bytesPerDay: 1_000_000, bytesPerMonth: 2_000_000),
            state: read, now: now,
            wall: WallTime(nanoseconds: number()), isSynchronized: .random(using: &generator))
        for _ in 0..<50 {
            now = now + .nanoseconds(.random(in: 0...100_000_000_000_000, using: &generator))
            budget.readClock(
                WallTime(nanoseconds: number()), isSynchronized: .random(using: &generator), now: now)
            if budget.stateToSave(now: now) != nil { budget.saved() }
            if budget.available > 1_000 { budget.sent(1_000, now: now) }
            #expect(budget.reaches(500, now: now) > now)
        }
        #expect(budget.status().periods.count == 2)
    }
}
