import EntropyCoding
import TestSupport

/// A table and a message of its symbols.
struct Message {
    var table: FrequencyTable
    var symbols: [Int]

    /// The message's cost by its table, in bytes.
    var idealBytes: Double {
        symbols.reduce(0) { $0 + table.idealBits($1) } / 8
    }

    /// A random table, from flat to very skewed, and symbols drawn from it.
    static func random(
        length: Int, symbolCount: Int? = nil, using generator: inout SeededGenerator
    ) -> Message {
        let size = symbolCount ?? Int.random(in: 2...300, using: &generator)
        let skew = Int.random(in: 0...40, using: &generator)
        let counts = (0..<size).map { _ in
            UInt64.random(in: 0...1000, using: &generator)
                << UInt64.random(in: 0...UInt64(skew), using: &generator)
        }
        let table = FrequencyTable(counts: counts)
        let owners = table.frequencies.enumerated().flatMap { symbol, frequency in
            Array(repeating: symbol, count: Int(frequency))
        }
        let symbols = (0..<length).map { _ in owners[Int.random(in: 0..<owners.count, using: &generator)] }
        return Message(table: table, symbols: symbols)
    }

    func encoded() -> [UInt8] {
        var encoder = RangeEncoder(capacity: symbols.count * 2 + 1)
        for symbol in symbols {
            encoder.encode(symbol, with: table)
        }
        return encoder.finishedBytes()
    }
}

extension RangeEncoder {
    /// Ends the message and copies its bytes.
    mutating func finishedBytes() -> [UInt8] {
        let count = finish()
        let bytes = withBytes { span in span.indices.map { span[$0] } }
        precondition(bytes.count == count)
        return bytes
    }
}

/// The first `count` symbols of a message.
func decode(_ bytes: [UInt8], count: Int, with table: FrequencyTable) -> [Int] {
    var decoder = RangeDecoder()
    let span = unsafe bytes.span.bytes
    decoder.start(span)
    var symbols: [Int] = []
    for _ in 0..<count {
        symbols.append(decoder.decode(with: table, from: span))
    }
    return symbols
}
