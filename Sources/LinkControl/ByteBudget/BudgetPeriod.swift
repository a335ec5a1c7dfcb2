/// What one cap has counted, and how fast the rest may be used.
///
/// Two buckets in a row make the pace. What is not used yet flows into the savings, evenly over the time that is
/// left; the savings hold an hour of a day's cap, or a day of a month's. They flow on into the tokens within a
/// minute. So who saved may send fast, who did not gets an even share of what is left, and the way from the one to
/// the other is smooth.
struct BudgetPeriod: Sendable {
    let kind: BudgetPeriodKind
    let cap: Int
    private(set) var span: BudgetSpan
    /// Bytes counted in the period.
    private(set) var counted: Int
    /// Those of them that were counted while the clock was not synchronised.
    private(set) var provisional: Int
    /// Seconds for which the clock has been behind.
    private(set) var behindFor: Double
    /// The period before (or after, where the clock went back), and what it had counted.
    private(set) var other: (start: Int64, counted: Int)?
    private var savings = 0.0
    private var tokens = 0.0

    /// Seconds in which savings may be spent.
    static let spending = 60.0
    /// Seconds of the present rate that may go out at once.
    static let spurt = 0.25
    /// Bytes of one keep-alive and a report of it.
    static let keepAliveBytes = 150.0
    /// Seconds between keep-alives when nothing else may be sent.
    static let keepAliveInterval = 60.0

    init(
        _ kind: BudgetPeriodKind, cap: Int, span: BudgetSpan, counted: Int = 0, provisional: Int = 0,
        behindFor: Double = 0, other: (start: Int64, counted: Int)? = nil
    ) {
        self.kind = kind
        self.cap = cap
        self.span = span
        self.counted = counted
        self.provisional = provisional
        self.behindFor = behindFor
        self.other = other
    }

    /// The most that the pace can have let through when `share` of the period is over: whatever was counted, it was
    /// not more.
    func highestCount(atShare share: Double) -> Int {
        let burst = Double(cap) * kind.burstShare
        return min(cap, Int(burst + (Double(cap) - burst) * share) + ByteBudget.largestPacket)
    }

    /// Fills the savings as if the pace had been kept since the period began.
    mutating func settle(at second: Double) {
        let line = highestCount(atShare: span.elapsedShare(at: second))
        savings = min(Double(cap) * kind.burstShare, max(0, Double(line - counted)))
        tokens = min(savings, Double(ByteBudget.largestPacket))
    }

    /// Bytes kept for keep-alives: nothing else may use them.
    func keepAliveReserve(at second: Double) -> Int {
        let minutes = max(0, Double(span.end) - second) / Self.keepAliveInterval
        return max(ByteBudget.controlReserve, Int(min(minutes * Self.keepAliveBytes, Double(cap) / 20)))
    }

    /// Bytes left under the cap once `awaited` answers have come.
    func left(awaited: Int) -> Int { cap - counted - awaited }

    /// Bytes left for frames in this period.
    func leftForFrames(awaited: Int, at second: Double) -> Int {
        left(awaited: awaited) - keepAliveReserve(at: second)
    }

    /// Bytes that may be sent now.
    func available(awaited: Int, at second: Double) -> Int {
        min(Int(tokens), leftForFrames(awaited: awaited, at: second))
    }

    /// Bytes a second that may be sent for now.
    func rate(awaited: Int, at second: Double) -> Double {
        let rest = max(0, Double(leftForFrames(awaited: awaited, at: second)))
        return min(max(savings, 0), rest) / Self.spending
    }

    /// Seconds until `bytes` may be sent, or a second.
    func wait(for bytes: Int) -> Double {
        let flow = max(savings - tokens, 0) / Self.spending
        return flow > 0 ? min(1, max(0.001, (Double(bytes) - tokens) / flow)) : 1
    }

    /// Lets `elapsed` seconds pass, up to `second`.
    mutating func advance(elapsed: Double, to second: Double, awaited: Int, isBehind: Bool) {
        behindFor = isBehind ? behindFor + elapsed : 0
        let rest = Double(leftForFrames(awaited: awaited, at: second))
        let left = max(0, Double(span.end) - second)
        let inflow = max(0, rest - savings) * min(1, elapsed / max(left + elapsed, 1e-9))
        savings = min(Double(cap) * kind.burstShare, savings + inflow)
        let flow = max(0, savings - tokens) * min(1, elapsed / Self.spending)
        let room = max(Double(ByteBudget.largestPacket), savings / Self.spending * Self.spurt) - tokens
        tokens += min(flow, max(0, room))
    }

    /// Counts bytes.
    mutating func count(_ bytes: Int, isSynchronized: Bool) {
        counted += bytes
        if !isSynchronized { provisional += bytes }
        savings = max(savings - Double(bytes), -Double(ByteBudget.largestPacket))
        // A flood from outside is counted, but does not keep the agent silent for longer than it lasts.
        tokens = max(tokens - Double(bytes), -Double(ByteBudget.largestPacket))
    }

    /// Goes to the period that the clock is in.
    ///
    /// What was counted while nobody knew the time counts in the period too in which it turns out to have been
    /// (`carries`), unless it is longer ago than any period. A period that comes back has what it had.
    mutating func move(to span: BudgetSpan, at second: Double, carries: Bool) {
        guard span.start != self.span.start else {
            self.span = span
            return
        }
        let isKept = carries && behindFor < Double(kind.longest)
        let known = other.flatMap { $0.start == span.start ? $0.counted : nil } ?? 0
        let isBack = span.start < self.span.start
        let before = (start: self.span.start, counted: counted)
        counted = known + (isBack ? counted : isKept ? provisional : 0)
        if !isKept, !isBack {
            provisional = 0
            behindFor = 0
        }
        other = before
        self.span = span
        settle(at: second)
    }

    /// Notes that the time is known.
    mutating func clearProvisional() { provisional = 0 }
}
