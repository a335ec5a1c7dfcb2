/// What a byte budget must remember over a restart: counts that include what may have been sent since.
public struct ByteBudgetState: Sendable, Equatable {
    /// What one cap has counted.
    public struct Period: Sendable, Equatable {
        /// Bytes counted up to.
        public var counted: Int
        /// Those of them that were counted while the clock was not synchronised.
        public var provisional: Int
        /// Seconds for which the clock had been behind.
        public var behindFor: Int
        /// The first second of the period before, or of the one that the clock came back from.
        public var otherStart: Int64
        /// Bytes counted in that one.
        public var otherCounted: Int

        /// Makes a count.
        public init(
            counted: Int, provisional: Int = 0, behindFor: Int = 0, otherStart: Int64 = 0,
            otherCounted: Int = 0
        ) {
            self.counted = counted
            self.provisional = provisional
            self.behindFor = behindFor
            self.otherStart = otherStart
            self.otherCounted = otherCounted
        }
    }

    /// Nanoseconds since 1970, as far as the budget knew.
    public var time: Int64
    /// Nanoseconds of the monotonic clock then. After another start of the machine they mostly lie ahead; where they
    /// do not, little depends on it.
    public var monotonic: Int64
    /// Whether the wall clock was known to be behind.
    public var isBehind: Bool
    /// The day's count; nil without a cap.
    public var day: Period?
    /// The month's count; nil without a cap.
    public var month: Period?

    /// Makes a state.
    public init(time: Int64, monotonic: Int64, isBehind: Bool, day: Period?, month: Period?) {
        self.time = time
        self.monotonic = monotonic
        self.isBehind = isBehind
        self.day = day
        self.month = month
    }

    /// The count of a kind of period.
    subscript(kind: BudgetPeriodKind) -> Period? {
        get { kind == .day ? day : month }
        set {
            switch kind {
            case .day: day = newValue
            case .month: month = newValue
            }
        }
    }
}
