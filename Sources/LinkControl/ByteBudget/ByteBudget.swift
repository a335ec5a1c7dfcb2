public import WireFormat

/// Holds what an agent sends and receives under caps a second, a day and a month.
///
/// Everything counts, sent and received, at the IP level. What may be sent leaves room for the answers that it may
/// bring, so a cap is passed only by what nobody asked for. Within a day or a month the rate follows what is left:
/// an even share, and a burst for what was saved (see `BudgetPeriod`). Where nothing is left, one small packet a
/// minute keeps the session open, from a reserve that frames cannot use.
///
/// A crash must not give bytes back: nothing is sent beyond the counts of the last state that was saved
/// (`stateToSave`, `saved`), which lie ahead of what was really counted.
///
/// A pure value: every call names the time, and time must not go back.
public struct ByteBudget: Sendable {
    /// The caps.
    public let configuration: ByteBudgetConfiguration

    var clock: BudgetClock
    var periods: [BudgetPeriod] = []
    var awaited: AwaitedAnswers
    /// Bytes that the second's cap allows at `advancedTo`.
    var secondCredit: Double
    var advancedTo: MonotonicInstant
    var nextKeepAlive: MonotonicInstant
    var reservation: BudgetReservation

    /// Bytes of the largest packet at the IP level.
    static let largestPacket = PacketLimits.maximumDatagram + PacketLimits.ipv6Overhead
    /// What is always kept for handshakes and hellos: one of the largest packets and an answer as large.
    static let controlReserve = 2 * largestPacket + 104
    /// With less than this left for frames a period is at its end.
    private static let leastForFrames = 100

    /// Begins to count.
    ///
    /// - Parameters:
    ///   - state: what was saved before; nil when nothing was.
    ///   - now: the machine's monotonic clock, by which times of two starts of the agent are told apart.
    ///   - wall: the wall clock.
    public init(
        configuration: ByteBudgetConfiguration, state: ByteBudgetState? = nil, now: MonotonicInstant,
        wall: WallTime, isSynchronized: Bool
    ) {
        self.configuration = configuration
        // Negative after another start of the machine.
        let sinceSaved = state.map { now.nanoseconds - $0.monotonic } ?? -1
        let known = state.map { $0.time &+ max(0, sinceSaved) }
        clock = BudgetClock(
            time: known ?? wall.nanoseconds,
            isBehind: state?.isBehind ?? (wall.nanoseconds < BudgetClock.earliest),
            now: now)
        awaited = AwaitedAnswers(now: now)
        secondCredit = 0
        advancedTo = now
        nextKeepAlive = now
        reservation = BudgetReservation(configuration, now: now)
        secondCredit = secondCapacity
        for kind in BudgetPeriodKind.allCases {
            guard let cap = configuration.cap(kind) else { continue }
            let second = clock.time / 1_000_000_000
            let span = BudgetSpan(kind, at: second, monthStartsOn: configuration.monthStartsOn)
            guard let saved = state?[kind] else {
                periods.append(BudgetPeriod(kind, cap: cap, span: span))
                continue
            }
            // After another start of the machine only what was counted by a clock known to be wrong is in doubt.
            let isInDoubt = sinceSaved >= 0 || state?.isBehind == true
            let then = BudgetSpan(
                kind, at: (state?.time ?? 0) / 1_000_000_000, monthStartsOn: configuration.monthStartsOn)
            periods.append(
                BudgetPeriod(
                    kind, cap: cap, span: then, counted: saved.counted,
                    provisional: isInDoubt ? saved.provisional : 0, behindFor: Double(saved.behindFor),
                    other: (saved.otherStart, saved.otherCounted)))
            if span != then {
                periods[periods.count - 1].move(to: span, at: clock.seconds, carries: clock.isBehind)
            }
        }
        for index in periods.indices { periods[index].settle(at: clock.seconds) }
        readClock(wall, isSynchronized: isSynchronized, now: now)
    }

    /// Counts as used what the pace may have let through since the periods began: what was saved cannot be read.
    public mutating func assumeMostUsed() {
        for index in periods.indices {
            let share = periods[index].span.elapsedShare(at: clock.seconds)
            let most = periods[index].highestCount(atShare: share)
            periods[index].count(max(0, most - periods[index].counted), isSynchronized: false)
            periods[index].settle(at: clock.seconds)
        }
    }

    /// Looks at the wall clock; to be called about every second.
    public mutating func readClock(_ wall: WallTime, isSynchronized: Bool, now: MonotonicInstant) {
        advance(to: now)
        take(clock.read(wall, isSynchronized: isSynchronized, now: now))
    }

    /// Lets time pass.
    public mutating func advance(to now: MonotonicInstant) {
        guard now > advancedTo else { return }
        awaited.advance(to: now)
        let elapsed = Double((now - advancedTo).wholeNanoseconds) / 1e9
        advancedTo = now
        if let rate = configuration.bytesPerSecond {
            secondCredit = min(secondCapacity, secondCredit + Double(rate) * elapsed)
        }
        take(clock.advance(to: now))
    }

    private mutating func take(_ move: BudgetClock.Move) {
        for index in periods.indices {
            let span = BudgetSpan(
                periods[index].kind, at: clock.time / 1_000_000_000,
                monthStartsOn: configuration.monthStartsOn)
            let carries = move.isStep || clock.isBehind
            periods[index].move(to: span, at: clock.seconds, carries: carries)
            periods[index].advance(
                elapsed: move.elapsed, to: clock.seconds, awaited: awaited.bytes, isBehind: clock.isBehind)
            if clock.isSynchronized { periods[index].clearProvisional() }
        }
    }

    /// Counts a packet that was sent, whether or not it was allowed.
    public mutating func sent(_ bytes: Int, now: MonotonicInstant) {
        advance(to: now)
        if isExhausted { nextKeepAlive = now + keepAliveInterval }
        count(bytes)
        awaited.sent(now: now)
    }

    /// Counts a packet that came, whatever was in it.
    public mutating func received(_ bytes: Int, now: MonotonicInstant) {
        advance(to: now)
        awaited.received(now: now)
        count(bytes)
    }

    private mutating func count(_ bytes: Int) {
        secondCredit = max(secondCredit - Double(bytes), -2 * secondCapacity)
        reservation.counted += bytes
        for index in periods.indices {
            periods[index].count(bytes, isSynchronized: clock.isSynchronized)
        }
    }

    /// Bytes that packets with frames may have now, `advance(to:)` called before; negative or 0 when none.
    public var available: Int {
        var least = configuration.bytesPerSecond == nil ? Int.max : Int(secondCredit)
        for period in periods {
            least = min(least, period.available(awaited: awaited.bytes, at: clock.seconds))
            least = min(least, reservation.left - awaited.bytes)
        }
        // The answer to the packet itself.
        return periods.isEmpty ? least : least - AwaitedAnswers.answerBytes
    }

    /// When to ask again for so many bytes: when they are expected to be available, within a second.
    public func reaches(_ bytes: Int, now: MonotonicInstant) -> MonotonicInstant {
        var seconds = 0.001
        if let rate = configuration.bytesPerSecond {
            seconds = max(seconds, (Double(bytes) - secondCredit) / Double(rate))
        }
        for period in periods {
            let needed = bytes + AwaitedAnswers.answerBytes
            seconds = max(seconds, period.wait(for: needed))
            if period.leftForFrames(awaited: awaited.bytes, at: clock.seconds) < needed { seconds = 1 }
            if reservation.left - awaited.bytes < needed { seconds = max(seconds, 0.02) }
        }
        return now + .nanoseconds(Int64(min(1, seconds) * 1e9))
    }

    /// Whether a day or a month has nothing left for frames.
    public var isExhausted: Bool {
        periods.contains {
            $0.leftForFrames(awaited: awaited.bytes, at: clock.seconds)
                < AwaitedAnswers.answerBytes + Self.leastForFrames
        }
    }

    /// Whether a packet without frames (a handshake, a hello, a keep-alive) may be sent now. One a minute is, even of
    /// an exhausted budget, or fewer where the reserve for them is short.
    public func allowsControl(now: MonotonicInstant) -> Bool {
        guard periods.allSatisfy({ $0.left(awaited: awaited.bytes) >= Self.controlReserve }),
            periods.isEmpty || reservation.left - awaited.bytes >= Self.controlReserve
        else { return false }
        return !isExhausted || nextKeepAlive <= now
    }

    /// When to ask again for a packet without frames: now when it may be sent.
    public func controlReaches(now: MonotonicInstant) -> MonotonicInstant {
        allowsControl(now: now) ? now : max(nextKeepAlive, now + .seconds(1))
    }

    /// Time between packets of an exhausted budget.
    private var keepAliveInterval: Duration {
        var seconds = BudgetPeriod.keepAliveInterval
        for period in periods {
            let left = max(0, period.left(awaited: awaited.bytes) - Self.controlReserve)
            let count = Double(left) / BudgetPeriod.keepAliveBytes
            let rest = max(0, Double(period.span.end) - clock.seconds)
            seconds = max(seconds, min(rest / max(count, 1), 3_600))
        }
        return .nanoseconds(Int64(seconds * 1e9))
    }

    /// Bytes that may go out at once at the second's cap: an eighth of a second's, or one packet and its report.
    private var secondCapacity: Double {
        max(Double(configuration.bytesPerSecond ?? 0) / 8, Double(Self.largestPacket))
    }
}
