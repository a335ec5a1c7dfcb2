import EntropyCoding

/// The slow reference: the interval's lower end is one big integer, so that there are no carries, no window
/// and no digits written early, and the shortest message is found by trying every length.
///
/// The interval's width is rounded as the format rules: 64 bits, at least 2^56, cut to 2^15 equal units.
struct ReferenceEncoder {
    /// Big-endian base-256 digits; the first is the place before the point.
    private var low: [UInt8]
    private var range: UInt64 = .max

    /// The place of the last of the eight digits of `range`.
    private var lastPlace = 8

    /// The shortest bytes within the interval of a message, without trailing zeros.
    static func encode(_ message: Message) -> [UInt8] {
        let frequencies = message.table.frequencies
        var encoder = ReferenceEncoder(digits: message.symbols.count * 2 + 9)
        for symbol in message.symbols {
            let start = frequencies[..<symbol].reduce(0) { $0 + UInt64($1) }
            encoder.narrow(start: start, frequency: UInt64(frequencies[symbol]))
        }
        return encoder.shortest()
    }

    private init(digits: Int) {
        low = [UInt8](repeating: 0, count: digits)
    }

    private mutating func narrow(start: UInt64, frequency: UInt64) {
        let unit = range >> 15
        low = sum(low, unit * start)
        range = unit * frequency
        while range < 1 << 56 {
            range <<= 8
            lastPlace += 1
        }
    }

    /// digits + value, with the value's last digit in `lastPlace`.
    private func sum(_ digits: [UInt8], _ value: UInt64) -> [UInt8] {
        var result = digits
        var value = value
        var carry: UInt64 = 0
        for place in (0...lastPlace).reversed() {
            let digit = UInt64(digits[place]) + (value & 0xFF) + carry
            result[place] = UInt8(digit & 0xFF)
            carry = digit >> 8
            value >>= 8
        }
        return result
    }

    private func shortest() -> [UInt8] {
        let end = sum(low, range)
        for length in 0..<low.count {
            var rounded = low
            if low[(length + 1)...].contains(where: { $0 != 0 }) {
                rounded.replaceSubrange(
                    (length + 1)..., with: repeatElement(0, count: low.count - length - 1))
                var place = length
                while rounded[place] == 0xFF {
                    rounded[place] = 0
                    place -= 1
                }
                rounded[place] += 1
            }
            if rounded.lexicographicallyPrecedes(end) {
                return Array(rounded.dropFirst().prefix(length))
            }
        }
        preconditionFailure("the interval is empty")
    }
}
