/// Why bytes are no saved state of a byte budget.
public struct ByteBudgetStateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public let description: String
}

extension ByteBudgetState {
    private static let heading = "weir byte budget 1"
    /// No file is longer.
    public static let maximumBytes = 4_096
    /// Times up to this are believed: the year 2116 in nanoseconds.
    private static let times: ClosedRange<Int64> = 0...(1 << 62)
    /// And counts up to this, so that sums of a few stay numbers.
    private static let counts: ClosedRange<Int64> = 0...(1 << 59)

    /// The state as the text of a file: a line for each number, and a checksum.
    public var text: [UInt8] {
        var lines = [Self.heading, "time \(time)", "monotonic \(monotonic)", "behind \(isBehind ? 1 : 0)"]
        for kind in BudgetPeriodKind.allCases {
            guard let period = self[kind] else { continue }
            let numbers: [Int64] = [
                Int64(period.counted), Int64(period.provisional), Int64(period.behindFor), period.otherStart,
                Int64(period.otherCounted),
            ]
            lines.append("\(kind.rawValue) " + numbers.map { "\($0)" }.joined(separator: " "))
        }
        let body = lines.joined(separator: "\n") + "\n"
        return Array((body + "check \(Self.checksum(Array(body.utf8)))\n").utf8)
    }

    /// Reads what `text` wrote; any other bytes are refused.
    public init(parsing bytes: [UInt8]) throws(ByteBudgetStateError) {
        func broken(_ what: String) -> ByteBudgetStateError { ByteBudgetStateError(description: what) }
        guard bytes.count <= Self.maximumBytes else { throw broken("is too long") }
        guard bytes.last == UInt8(ascii: "\n"),
            let end = bytes.dropLast().lastIndex(of: UInt8(ascii: "\n"))
        else { throw broken("is cut off") }
        let check = String(decoding: bytes[(end + 1)...].dropLast(), as: UTF8.self)
        guard check == "check \(Self.checksum(bytes[...end]))" else { throw broken("has a wrong checksum") }
        var lines = String(decoding: bytes[..<end], as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == Self.heading[...] else { throw broken("is of another version") }
        guard let time = Self.fields(lines.popFirst(), "time", count: 1, Self.times),
            let monotonic = Self.fields(lines.popFirst(), "monotonic", count: 1, Self.times),
            let behind = Self.fields(lines.popFirst(), "behind", count: 1, Self.counts), behind[0] <= 1
        else { throw broken("has no time") }
        self.init(time: time[0], monotonic: monotonic[0], isBehind: behind[0] == 1, day: nil, month: nil)
        for kind in BudgetPeriodKind.allCases where lines.first?.hasPrefix("\(kind.rawValue) ") == true {
            guard let values = Self.fields(lines.popFirst(), kind.rawValue, count: 5, Self.counts) else {
                throw broken("has a wrong count of the \(kind.rawValue)")
            }
            self[kind] = Period(
                counted: Int(values[0]), provisional: Int(values[1]), behindFor: Int(values[2]),
                otherStart: values[3], otherCounted: Int(values[4]))
        }
        guard lines.isEmpty else { throw broken("has lines that are not known") }
    }

    /// The numbers of a line after its name, if it is as it must be.
    private static func fields(_ line: Substring?, _ name: String, count: Int, _ range: ClosedRange<Int64>)
        -> [Int64]?
    {
        guard let parts = line?.split(separator: " ", omittingEmptySubsequences: false),
            parts.count == count + 1, parts[0] == name
        else { return nil }
        let values = parts.dropFirst().compactMap { Int64($0) }
        return values.count == count && values.allSatisfy(range.contains) ? values : nil
    }

    /// FNV-1a of 64 bits: it is there to find damage, not malice.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }
}
