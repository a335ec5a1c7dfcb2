#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Static symbol frequencies of a range code: integers of at least 1 that sum to 2^15.
///
/// Encoder and decoder must hold identical integers, so a table is made from integers only
/// (see ``init(counts:)``) and stored as such. Immutable; about 4 bytes a symbol and 512 bytes beside.
public struct FrequencyTable: Sendable {
    /// The frequencies sum to 2 to this power.
    public static let totalBits = 15

    /// What the frequencies sum to: 32,768.
    public static let total = 1 << totalBits

    /// The numbers of symbols that a table may have.
    public static let symbolCounts = 1...16384

    /// Low bits of a position in `0..<total` that ``bucketStarts`` does not look at.
    private static let bucketShift = 7

    /// Sum of the frequencies below each symbol; one more entry than symbols, the last is ``total``.
    private let starts: [UInt16]

    /// For each run of 2^bucketShift positions the symbol that its first position belongs to, and the
    /// last symbol at the end: the bounds of the binary search in ``symbol(at:)``.
    private let bucketStarts: [UInt16]

    /// A table of the given frequencies.
    ///
    /// Complexity: O(symbols).
    ///
    /// - Throws: ``FrequencyTableError`` if there are no symbols or more than 16,384, if a frequency is 0,
    ///   or if they do not sum to 32,768.
    public init(frequencies: [UInt16]) throws(FrequencyTableError) {
        guard Self.symbolCounts.contains(frequencies.count) else {
            throw .symbolCount(frequencies.count)
        }
        if let symbol = frequencies.firstIndex(of: 0) {
            throw .zeroFrequency(symbol: symbol)
        }
        let sum = frequencies.reduce(0) { $0 + Int($1) }
        guard sum == Self.total else {
            throw .sum(sum)
        }
        self.init(validated: frequencies)
    }

    /// A table of frequencies already known to be valid: 1...16384 of them, none 0, their sum ``total``.
    init(validated frequencies: [UInt16]) {
        var starts: [UInt16] = [0]
        starts.reserveCapacity(frequencies.count + 1)
        var sum: UInt16 = 0
        for frequency in frequencies {
            sum += frequency
            starts.append(sum)
        }
        var bucketStarts: [UInt16] = []
        bucketStarts.reserveCapacity(Self.total >> Self.bucketShift + 1)
        var symbol = 0
        for position in stride(from: 0, to: Self.total, by: 1 << Self.bucketShift) {
            while Int(starts[symbol + 1]) <= position {
                symbol += 1
            }
            bucketStarts.append(UInt16(symbol))
        }
        bucketStarts.append(UInt16(frequencies.count - 1))
        self.starts = starts
        self.bucketStarts = bucketStarts
    }

    /// The number of symbols, 1...16384.
    public var symbolCount: Int { starts.count - 1 }

    /// The frequency of each symbol. Complexity: O(symbols).
    public var frequencies: [UInt16] {
        (0..<symbolCount).map { starts[$0 + 1] - starts[$0] }
    }

    /// The cost of a symbol in bits: log2(total / frequency). Traps if there is no such symbol.
    public func idealBits(_ symbol: Int) -> Double {
        Double(Self.totalBits) - log2(Double(frequency(of: symbol)))
    }

    /// The cost of a symbol in bits, rounded up to 1/4096: the same on every machine, which a logarithm of the
    /// system's library is not, so that an encoder may decide by it. Traps if there is no such symbol.
    public func bits(_ symbol: Int) -> Float {
        let frequency = frequency(of: symbol)
        // log2 digit by digit: squaring a number in 1..<2 moves the next binary digit of its logarithm to the front.
        let exponent = 63 - frequency.leadingZeroBitCount
        var mantissa = frequency << UInt64(31 - exponent)
        var logarithm = exponent
        for _ in 0..<12 {
            mantissa = (mantissa * mantissa) >> 31
            logarithm <<= 1
            if mantissa >> 32 == 1 {
                mantissa >>= 1
                logarithm |= 1
            }
        }
        return Float(Self.totalBits << 12 - logarithm) / 4096
    }

    /// The sum of the frequencies below a symbol. Traps if there is no such symbol.
    func start(of symbol: Int) -> UInt64 {
        precondition(symbol >= 0 && symbol < symbolCount, "the table has no such symbol")
        return UInt64(starts[symbol])
    }

    /// The frequency of a symbol. Traps if there is no such symbol.
    func frequency(of symbol: Int) -> UInt64 {
        precondition(symbol >= 0 && symbol < symbolCount, "the table has no such symbol")
        return UInt64(starts[symbol + 1] - starts[symbol])
    }

    /// The symbol that owns a position in `0..<total`. Traps on another position.
    ///
    /// Complexity: O(1), at most 7 steps of a binary search within the position's bucket.
    func symbol(at position: Int) -> Int {
        let bucket = position >> Self.bucketShift
        var lowest = Int(bucketStarts[bucket])
        var highest = Int(bucketStarts[bucket + 1])
        while lowest < highest {
            let middle = (lowest + highest + 1) / 2
            if Int(starts[middle]) <= position {
                lowest = middle
            } else {
                highest = middle - 1
            }
        }
        return lowest
    }
}

extension FrequencyTable: Equatable {
    /// Whether both tables have the same frequencies. Complexity: O(symbols).
    public static func == (left: FrequencyTable, right: FrequencyTable) -> Bool {
        left.starts == right.starts
    }
}
