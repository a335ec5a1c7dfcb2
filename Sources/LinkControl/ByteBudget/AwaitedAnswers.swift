import WireFormat

/// Bytes of answers that packets sent lately may still get: they will count, so they are kept free.
///
/// Each packet may bring one report of the largest size. One that has not come within 10 s is not waited for.
struct AwaitedAnswers: Sendable {
    private static let slots = 10

    private var packets = InlineArray<10, Int>(repeating: 0)
    private var second: Int64
    private var count = 0
    /// Bytes of the largest answer to a packet at the IP level.
    static let answerBytes =
        PacketLimits.ipv6Overhead + PacketHeader.byteCount + Report.byteCountWithoutEntries
        + Report.maximumEntries

    init(now: MonotonicInstant) { second = Self.second(now) }

    /// Bytes that may still come.
    var bytes: Int { count * Self.answerBytes }

    mutating func sent(now: MonotonicInstant) {
        advance(to: now)
        packets[slot(second)] += 1
        count += 1
    }

    mutating func received(now: MonotonicInstant) {
        advance(to: now)
        for back in (0..<Self.slots).reversed() where packets[slot(second - Int64(back))] > 0 {
            packets[slot(second - Int64(back))] -= 1
            count -= 1
            return
        }
    }

    mutating func advance(to now: MonotonicInstant) {
        let present = max(second, Self.second(now))
        for new in max(second + 1, present - Int64(Self.slots) + 1)..<max(second, present) + 1 {
            count -= packets[slot(new)]
            packets[slot(new)] = 0
        }
        second = present
    }

    private func slot(_ second: Int64) -> Int {
        Int((second + Int64(Self.slots)) % Int64(Self.slots))
    }

    private static func second(_ now: MonotonicInstant) -> Int64 { max(0, now.nanoseconds / 1_000_000_000) }
}
