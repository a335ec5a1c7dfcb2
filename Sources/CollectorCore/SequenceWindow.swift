/// Which of the last 1,024 numbers of a series were seen, for a series that comes almost in order.
///
/// As RFC 6479: a ring of bits that moves with the highest number; what is older than the ring is `stale` and
/// counts as seen, since nobody can tell.
struct SequenceWindow: Sendable {
    /// Numbers that are remembered.
    static let size: UInt64 = 1024

    /// What is known of a number.
    enum Verdict {
        case fresh
        case duplicate
        case stale
    }

    /// The highest number seen.
    private(set) var highest: UInt64?

    private var words = InlineArray<16, UInt64>(repeating: 0)

    /// Whether a number was seen.
    func verdict(on number: UInt64) -> Verdict {
        guard let highest, number <= highest else { return .fresh }
        guard highest - number < Self.size else { return .stale }
        return words[Self.word(number)] & Self.bit(number) == 0 ? .fresh : .duplicate
    }

    /// Marks a number as seen, unless it is stale. Returns what was known before.
    ///
    /// - Complexity: O(distance moved), at most 1,024 steps.
    mutating func insert(_ number: UInt64) -> Verdict {
        let verdict = verdict(on: number)
        guard case .fresh = verdict else { return verdict }
        if let highest, number > highest {
            if number - highest >= Self.size {
                words = InlineArray(repeating: 0)
            } else {
                for skipped in highest + 1..<number { words[Self.word(skipped)] &= ~Self.bit(skipped) }
            }
        }
        highest = max(highest ?? number, number)
        words[Self.word(number)] |= Self.bit(number)
        return .fresh
    }

    private static func word(_ number: UInt64) -> Int { Int(number % size / 64) }

    private static func bit(_ number: UInt64) -> UInt64 { 1 << (number % 64) }
}
