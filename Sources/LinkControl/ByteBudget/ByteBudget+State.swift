public import WireFormat

extension ByteBudget {
    /// A state that must be saved now, ahead of what was counted; nil when there is no need, or one is being saved.
    /// `saved` must be called once it is: until then what was saved before bounds what may be sent.
    public mutating func stateToSave(now: MonotonicInstant) -> ByteBudgetState? {
        guard !periods.isEmpty else { return nil }
        advance(to: now)
        return reservation.next(awaited: awaited.bytes, now: now).map { state(ahead: $0) }
    }

    /// The state that `stateToSave` gave is where a crash leaves it.
    public mutating func saved() { reservation.saved() }

    /// The state as it is, to be saved at the end; nil without caps that outlast a restart.
    public var state: ByteBudgetState? { periods.isEmpty ? nil : state(ahead: 0) }

    private func state(ahead: Int) -> ByteBudgetState {
        var state = ByteBudgetState(
            time: clock.time, monotonic: max(0, advancedTo.nanoseconds), isBehind: clock.isBehind, day: nil,
            month: nil)
        for period in periods {
            state[period.kind] = ByteBudgetState.Period(
                counted: period.counted + ahead,
                provisional: period.provisional + (clock.isSynchronized ? 0 : ahead),
                behindFor: Int(period.behindFor), otherStart: period.other?.start ?? 0,
                otherCounted: period.other?.counted ?? 0)
        }
        return state
    }

    /// What is left.
    public func status() -> ByteBudgetStatus {
        ByteBudgetStatus(
            leftInSecond: configuration.bytesPerSecond.map { min($0, max(0, Int(secondCredit))) },
            periods: periods.map { period in
                let rate = period.rate(awaited: awaited.bytes, at: clock.seconds)
                return ByteBudgetStatus.Period(
                    kind: period.kind, cap: period.cap, used: period.counted,
                    left: max(0, period.left(awaited: 0)),
                    secondsLeft: max(0, Double(period.span.end) - clock.seconds),
                    rate: BitRate(bitsPerSecond: rate * 8))
            },
            isExhausted: isExhausted)
    }
}
