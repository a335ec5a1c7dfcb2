extension FrequencyTable {
    /// A table whose frequencies follow calibration counts.
    ///
    /// Symbols whose exact share of the total is below 1 get 1. The others share what remains in proportion
    /// to their counts, rounded by largest remainder, ties to the lower symbol. Only integers are involved,
    /// so the same counts give the same table on every machine. If all counts are 0, the symbols are taken
    /// as equally frequent. Traps unless there are 1...16384 counts.
    ///
    /// Complexity: O(n log n) in the number of symbols.
    public init(counts: [UInt64]) {
        precondition(Self.symbolCounts.contains(counts.count), "a table has 1...16384 symbols")
        let counts = counts.contains { $0 > 0 } ? counts : Array(repeating: 1, count: counts.count)
        var frequencies = [UInt16](repeating: 1, count: counts.count)
        var remainingTotal = UInt128(Self.total)
        var remainingCount = counts.reduce(UInt128(0)) { $0 + UInt128($1) }

        // From the rarest up: giving 1 to a symbol that deserves less shrinks the share of the others, so
        // that the next may fall below 1 too. The first that deserves 1 ends it, since the rest are larger.
        let rarestFirst = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
        let floored = rarestFirst.prefix { symbol in
            guard UInt128(counts[symbol]) * remainingTotal < remainingCount else {
                return false
            }
            remainingTotal -= 1
            remainingCount -= UInt128(counts[symbol])
            return true
        }

        let sharing = rarestFirst.dropFirst(floored.count)
        var remainders: [(remainder: UInt128, symbol: Int)] = []
        remainders.reserveCapacity(sharing.count)
        var assigned: UInt128 = 0
        for symbol in sharing {
            let (share, remainder) = (UInt128(counts[symbol]) * remainingTotal)
                .quotientAndRemainder(dividingBy: remainingCount)
            frequencies[symbol] = UInt16(share)
            assigned += share
            remainders.append((remainder, symbol))
        }
        remainders.sort { ($1.remainder, $0.symbol) < ($0.remainder, $1.symbol) }
        for (_, symbol) in remainders.prefix(Int(remainingTotal - assigned)) {
            frequencies[symbol] += 1
        }
        self.init(validated: frequencies)
    }
}
