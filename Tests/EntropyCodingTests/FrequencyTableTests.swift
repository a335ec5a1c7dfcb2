import EntropyCoding
import Testing
import TestSupport

@Suite struct FrequencyTableTests {
    @Test(
        arguments: [
            ([0], [32768]),
            ([5], [32768]),
            ([1, 1], [16384, 16384]),
            ([0, 0, 0, 0], [8192, 8192, 8192, 8192]),
            ([1, 1, 1], [10923, 10923, 10922]),
            ([0, 1], [1, 32767]),
            ([3, 1, 0], [24575, 8192, 1]),
            ([.max, .max, 0, .max], [10923, 10922, 1, 10922]),
            ([1, 1 << 62], [1, 32767]),
        ] as [([UInt64], [UInt16])])
    func `counts make known tables`(counts: [UInt64], frequencies: [UInt16]) {
        #expect(FrequencyTable(counts: counts).frequencies == frequencies)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `frequencies sum to the total and follow the counts`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let size = Int.random(in: 1...16384, using: &generator)
            let shift = UInt64.random(in: 0...63, using: &generator)
            let counts = (0..<size).map { _ in UInt64.random(in: 0...(.max), using: &generator) >> shift }
            let table = FrequencyTable(counts: counts)
            let frequencies = table.frequencies
            #expect(table.symbolCount == size, "seed \(seed)")
            #expect(frequencies.reduce(0) { $0 + Int($1) } == FrequencyTable.total, "seed \(seed)")
            #expect(!frequencies.contains(0), "seed \(seed)")
            let ascending = counts.indices.sorted { counts[$0] < counts[$1] }
            for (rarer, commoner) in zip(ascending, ascending.dropFirst())
            where counts[rarer] < counts[commoner] {
                #expect(frequencies[rarer] <= frequencies[commoner], "seed \(seed)")
            }
            #expect(try FrequencyTable(frequencies: frequencies) == table, "seed \(seed)")
        }
    }

    /// The rule by its definition: symbols that deserve less than 1 of what is left get 1, until no other
    /// does; the others are within 1 of their exact share.
    @Test(arguments: [4, 5] as [UInt64])
    func `shares are exact to one unit`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let size = Int.random(in: 1...2000, using: &generator)
            let counts = (0..<size).map { _ in
                UInt64.random(in: 1...100, using: &generator) << UInt64.random(in: 0...20, using: &generator)
            }
            var sharing = Set(counts.indices)
            while true {
                let total = Double(FrequencyTable.total - (size - sharing.count))
                let sum = sharing.reduce(0.0) { $0 + Double(counts[$1]) }
                let poor = sharing.filter { Double(counts[$0]) * total < sum }
                if poor.isEmpty {
                    let frequencies = FrequencyTable(counts: counts).frequencies
                    for symbol in counts.indices {
                        let share = sharing.contains(symbol) ? Double(counts[symbol]) * total / sum : 1
                        #expect(abs(Double(frequencies[symbol]) - share) < 1, "seed \(seed)")
                    }
                    break
                }
                sharing.subtract(poor)
            }
        }
    }

    @Test func `ideal bits are log2 of the total over the frequency`() throws {
        let table = try FrequencyTable(frequencies: [16384, 8192, 8191, 1])
        #expect(table.idealBits(0) == 1)
        #expect(table.idealBits(1) == 2)
        #expect(table.idealBits(3) == 15)
    }

    @Test func `bits are ideal bits rounded up to 1/4096`() throws {
        for frequency in UInt16(1)...32767 {
            let table = try FrequencyTable(frequencies: [frequency, UInt16(FrequencyTable.total) - frequency])
            let excess = Double(table.bits(0)) - table.idealBits(0)
            #expect(excess > -1e-9 && excess < 1 / 4096, "frequency \(frequency): \(excess)")
        }
    }

    @Test(
        arguments: [
            ([], .symbolCount(0), "a frequency table of 0 symbols; allowed are 1 to 16384"),
            (
                Array(repeating: 1, count: 16385), .symbolCount(16385),
                "a frequency table of 16385 symbols; allowed are 1 to 16384"
            ),
            (
                [32767, 0, 1], .zeroFrequency(symbol: 1),
                "the frequency of symbol 1 is 0; at least 1 is allowed"
            ),
            ([32767], .sum(32767), "the frequencies sum to 32767; they must sum to 32768"),
            (
                Array(repeating: 65535, count: 16384), .sum(1_073_725_440),
                "the frequencies sum to 1073725440; they must sum to 32768"
            ),
        ] as [([UInt16], FrequencyTableError, String)])
    func `other frequencies are refused`(
        frequencies: [UInt16], expected: FrequencyTableError, message: String
    ) {
        #expect(throws: expected) { try FrequencyTable(frequencies: frequencies) }
        #expect(expected.description == message)
    }

    @Test func `no counts trap`() async {
        await #expect(processExitsWith: .failure) {
            _ = FrequencyTable(counts: [])
        }
    }
}
