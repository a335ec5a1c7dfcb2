/// What is left of a byte budget, for people and metrics.
public struct ByteBudgetStatus: Sendable, Equatable {
    /// What is left of one cap.
    public struct Period: Sendable, Equatable {
        /// Which cap.
        public var kind: BudgetPeriodKind
        /// Bytes of the cap.
        public var cap: Int
        /// Bytes counted.
        public var used: Int
        /// Bytes left.
        public var left: Int
        /// Seconds until the next period.
        public var secondsLeft: Double
        /// The rate that is allowed now.
        public var rate: BitRate
    }

    /// Bytes left in the present second; nil without such a cap.
    public var leftInSecond: Int?
    /// The periods with a cap.
    public var periods: [Period]
    /// Whether nothing but a keep-alive a minute may be sent.
    public var isExhausted: Bool
}
