/// Decodes the messages of ``RangeEncoder``.
///
/// The caller knows the number of symbols and asks for them in turn with the encoder's tables, passing the
/// message's bytes each time. Any bytes decode to symbols of the alphabet: damage gives wrong symbols,
/// never a trap.
public struct RangeDecoder: Sendable {
    /// The message's number less the encoder's `low`, in the encoder's 64-bit window.
    private var code: UInt64 = 0
    private var range: UInt64 = .max
    private var position = 0

    /// A decoder that waits for `start`.
    public init() {}

    /// Begins a message.
    public mutating func start(_ bytes: RawSpan) {
        code = 0
        range = .max
        position = 0
        for _ in 0..<8 {
            code = code << 8 | nextByte(of: bytes)
        }
    }

    /// The next symbol, which was encoded with the same table.
    public mutating func decode(with table: borrowing FrequencyTable, from bytes: RawSpan) -> Int {
        let unit = range >> UInt64(FrequencyTable.totalBits)
        // A sound message stays below the total; the bound is for others.
        let position = min(Int(code / unit), FrequencyTable.total - 1)
        let symbol = table.symbol(at: position)
        narrow(start: table.start(of: symbol), width: table.frequency(of: symbol), unit: unit, from: bytes)
        return symbol
    }

    /// The next symbol, of `size` equally likely ones. Traps unless `size` is in 1...65536.
    public mutating func decodeUniform(of size: Int, from bytes: RawSpan) -> Int {
        precondition(size >= 1 && size <= 65536, "a uniform alphabet has 1...65536 symbols")
        let unit = range / UInt64(size)
        let symbol = min(code / unit, UInt64(size - 1))
        narrow(start: symbol, width: 1, unit: unit, from: bytes)
        return Int(symbol)
    }

    private mutating func narrow(start: UInt64, width: UInt64, unit: UInt64, from bytes: RawSpan) {
        code -= start * unit
        range = width * unit
        while range < RangeEncoder.leastRange {
            code = code << 8 | nextByte(of: bytes)
            range <<= 8
        }
    }

    /// The next byte of the message, 0 beyond its end.
    private mutating func nextByte(of bytes: RawSpan) -> UInt64 {
        guard position < bytes.byteCount else {
            return 0
        }
        defer { position += 1 }
        return UInt64(unsafe bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self))
    }
}
