/// How many bytes an agent may cost. All counts are at the IP level, headers included, of everything sent and
/// received: what a provider bills.
public struct ByteBudgetConfiguration: Sendable, Equatable {
    /// Bytes a second, over any time but for an eighth of a second's bytes or one largest packet; nil for no such cap.
    public var bytesPerSecond: Int?
    /// Bytes from midnight to midnight UTC; nil for no such cap.
    public var bytesPerDay: Int?
    /// Bytes of a billing month; nil for no such cap.
    public var bytesPerMonth: Int?
    /// The day of the calendar month on which the billing month begins, at midnight UTC; 1...28.
    public var monthStartsOn: Int

    /// The least cap of a day or a month: with less not even a packet a minute is worth the name.
    public static let smallestCap = 1_000_000
    /// The least cap of a second.
    public static let smallestRate = 125

    /// Makes a configuration; traps unless the caps are at least the smallest ones and the day is 1...28.
    public init(
        bytesPerSecond: Int? = nil, bytesPerDay: Int? = nil, bytesPerMonth: Int? = nil, monthStartsOn: Int = 1
    ) {
        precondition(1...28 ~= monthStartsOn, "every month has the days 1 to 28")
        precondition(bytesPerSecond ?? .max >= Self.smallestRate, "a cap of a second has 125 bytes at least")
        precondition(
            min(bytesPerDay ?? .max, bytesPerMonth ?? .max) >= Self.smallestCap, "a cap has 1 MB at least")
        self.bytesPerSecond = bytesPerSecond
        self.bytesPerDay = bytesPerDay
        self.bytesPerMonth = bytesPerMonth
        self.monthStartsOn = monthStartsOn
    }

    /// Whether what was counted must be kept over a restart.
    public var isPersistent: Bool { bytesPerDay != nil || bytesPerMonth != nil }

    /// The cap of a kind of period.
    func cap(_ kind: BudgetPeriodKind) -> Int? {
        switch kind {
        case .day: bytesPerDay
        case .month: bytesPerMonth
        }
    }
}
