/// Why frequencies do not make a ``FrequencyTable``.
public enum FrequencyTableError: Error, Hashable, CustomStringConvertible {
    /// The number of symbols is not in 1...16384.
    case symbolCount(Int)

    /// A symbol has frequency 0.
    case zeroFrequency(symbol: Int)

    /// The frequencies do not sum to 32,768.
    case sum(Int)

    /// What is wrong and what is allowed.
    public var description: String {
        switch self {
        case .symbolCount(let count):
            "a frequency table of \(count) symbols; allowed are 1 to 16384"
        case .zeroFrequency(let symbol):
            "the frequency of symbol \(symbol) is 0; at least 1 is allowed"
        case .sum(let sum):
            "the frequencies sum to \(sum); they must sum to \(FrequencyTable.total)"
        }
    }
}
