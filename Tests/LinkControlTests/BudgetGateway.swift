import LinkControl
import TestSupport
import WireFormat

/// A gateway with a byte budget, in virtual time: it sends what it is asked to as far as it may, gets a report of
/// most packets, and counts by the true calendar.
struct BudgetGateway {
    let configuration: ByteBudgetConfiguration
    var budget: ByteBudget
    /// Bytes a second that it wants to send.
    var demand = 0
    /// Seconds by which its wall clock is off.
    var clockError: Int64 = 0
    var isSynchronized = true
    /// The longest time in which it neither sends nor receives, in nanoseconds.
    var longestStep: Int64 = 10_000_000_000

    private(set) var frameBytes = 0
    private(set) var controlPackets = 0
    /// All that was sent and received.
    private(set) var bytes = 0
    /// Bytes by the first second of each true day, and of each true month.
    private(set) var days: [Int64: Int] = [:]
    private(set) var months: [Int64: Int] = [:]

    private var nanoseconds: Int64 = 0
    private let start: Int64
    private var generator: SeededGenerator
    private var file: ByteBudgetState?
    private var pending: (state: ByteBudgetState, until: Int64)?
    private var startedAt: Int64 = 0
    private var backlog = 0
    private var answers: [(at: Int64, bytes: Int)] = []

    init(_ configuration: ByteBudgetConfiguration, start: Int64, seed: UInt64) {
        self.configuration = configuration
        self.start = start
        generator = SeededGenerator(seed: seed ^ 0xB0D6E7)
        budget = ByteBudget(
            configuration: configuration, now: MonotonicInstant(nanoseconds: 0),
            wall: WallTime(nanoseconds: start * 1_000_000_000), isSynchronized: true)
    }

    var now: MonotonicInstant { MonotonicInstant(nanoseconds: nanoseconds - startedAt) }
    var second: Int64 { start + nanoseconds / 1_000_000_000 }
    var wall: WallTime {
        WallTime(nanoseconds: start * 1_000_000_000 + nanoseconds + clockError * 1_000_000_000)
    }

    /// Lets time pass, in random steps.
    mutating func run(seconds: Int64) {
        let end = nanoseconds + seconds * 1_000_000_000
        while nanoseconds < end {
            let step = Int64.random(in: 1_000_000...longestStep, using: &generator)
            nanoseconds = min(end, nanoseconds + step)
            budget.readClock(wall, isSynchronized: isSynchronized, now: now)
            receive()
            save()
            backlog = min(backlog + Int(Double(demand) * Double(step) / 1e9), 100_000)
            send()
        }
    }

    /// Ends without a word and starts again: from what the disk has.
    mutating func crash(for seconds: Int64, machine isMachine: Bool = false) throws {
        nanoseconds += seconds * 1_000_000_000
        if isMachine { startedAt = nanoseconds }
        answers = []
        pending = nil
        try restart()
    }

    /// Ends properly and starts again.
    mutating func stopAndStart() throws {
        if let state = budget.state { file = state }
        answers = []
        pending = nil
        try restart()
    }

    private mutating func restart() throws {
        budget = ByteBudget(
            configuration: configuration, state: try file.map { try ByteBudgetState(parsing: $0.text) },
            now: now, wall: wall, isSynchronized: isSynchronized)
    }

    /// A disk that takes up to three seconds.
    private mutating func save() {
        if let pending, pending.until <= nanoseconds {
            file = pending.state
            self.pending = nil
            budget.saved()
        }
        if pending == nil, let state = budget.stateToSave(now: now) {
            pending = (state, nanoseconds + .random(in: 0...3_000_000_000, using: &generator))
        }
    }

    private mutating func send() {
        while true {
            let bytes = Int.random(in: 100...1_228, using: &generator)
            guard bytes <= min(backlog, budget.available) else { break }
            send(packet: bytes)
            frameBytes += bytes
            backlog -= bytes
        }
        if budget.isExhausted, budget.allowsControl(now: now) {
            send(packet: 61)
            controlPackets += 1
        }
    }

    private mutating func send(packet bytes: Int) {
        budget.sent(bytes, now: now)
        count(bytes)
        if .random(in: 0..<10, using: &generator) > 0 {
            let delay = Int64.random(in: 20_000_000...5_000_000_000, using: &generator)
            answers.append((nanoseconds + delay, .random(in: 50...300, using: &generator)))
        }
    }

    private mutating func receive() {
        let come = answers.filter { $0.at <= nanoseconds }
        guard !come.isEmpty else { return }
        answers.removeAll { $0.at <= nanoseconds }
        for answer in come {
            budget.received(answer.bytes, now: now)
            count(answer.bytes)
        }
    }

    private mutating func count(_ bytes: Int) {
        self.bytes += bytes
        days[second / 86_400 * 86_400, default: 0] += bytes
        months[monthStart(second), default: 0] += bytes
    }

    /// The slow way: from month to month since 1970.
    private func monthStart(_ second: Int64) -> Int64 {
        let lengths: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var start = Int64(configuration.monthStartsOn - 1) * 86_400
        var year = 1970
        while true {
            for (month, length) in lengths.enumerated() {
                let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
                let end = start + (length + (month == 1 && isLeap ? 1 : 0)) * 86_400
                if second < end { return start }
                start = end
            }
            year += 1
        }
    }
}
