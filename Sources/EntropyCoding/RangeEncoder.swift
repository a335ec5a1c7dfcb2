/// A range encoder for messages of a few symbols.
///
/// A message is a number in [0, 1), written in base 256 after the point. Each symbol narrows the interval
/// [low, low + range) that the number must lie in; `finish()` picks the number of the fewest digits in it
/// and leaves out trailing zeros, which the decoder puts back. The message's length must be known from
/// outside. A message of x ideal bits takes at most ⌈x / 8⌉ bytes (up to the rounding of 64-bit
/// arithmetic, below 2^-40 bits a symbol), and about a third of a byte above x / 8 on average.
///
/// Allocates only in `init`.
public struct RangeEncoder: ~Copyable {
    /// Encoding keeps `range` at or above this, so that a table's total divides it finely.
    static let leastRange: UInt64 = 1 << 56

    private var buffer: [UInt8]
    private var low: UInt64 = 0
    private var range: UInt64 = .max
    private var isFinished = false

    /// The number of bytes written so far; after `finish()` the message's length.
    public private(set) var byteCount = 0

    /// An encoder of messages of up to `capacity` bytes; `encode` and `finish` trap beyond.
    ///
    /// A message of x ideal bits needs ⌊x / 8⌋ + 1. Traps if `capacity` is negative.
    public init(capacity: Int) {
        buffer = [UInt8](repeating: 0, count: capacity)
    }

    /// Forgets the message and starts the next.
    public mutating func reset() {
        low = 0
        range = .max
        byteCount = 0
        isFinished = false
    }

    /// Appends a symbol at its table's cost. Traps if the table lacks the symbol, and after `finish()`.
    public mutating func encode(_ symbol: Int, with table: borrowing FrequencyTable) {
        let unit = range >> UInt64(FrequencyTable.totalBits)
        narrow(start: table.start(of: symbol), width: table.frequency(of: symbol), unit: unit)
    }

    /// Appends a symbol of `size` equally likely ones at log2(size) bits.
    ///
    /// Traps unless `size` is in 1...65536 and `symbol` in `0..<size`, and after `finish()`.
    public mutating func encodeUniform(_ symbol: Int, of size: Int) {
        precondition(size >= 1 && size <= 65536, "a uniform alphabet has 1...65536 symbols")
        precondition(symbol >= 0 && symbol < size, "the alphabet has no such symbol")
        narrow(start: UInt64(symbol), width: 1, unit: range / UInt64(size))
    }

    /// Ends the message and returns its length in bytes.
    ///
    /// Traps if called twice without `reset()`.
    public mutating func finish() -> Int {
        precondition(!isFinished, "the message is finished already")
        isFinished = true
        if low > 0 {
            // The bytes written, plus one in their last place, is the shortest choice if it is within the
            // interval. Otherwise one more byte always suffices, because `range` holds a whole step of it;
            // rounding up cannot overflow, since within a step of the top the first choice is taken.
            if 0 &- low < range {
                carry()
            } else {
                append(UInt8((low + (Self.leastRange - 1)) >> 56))
            }
        }
        while byteCount > 0 && buffer[byteCount - 1] == 0 {
            byteCount -= 1
        }
        return byteCount
    }

    /// Lends the bytes written so far: after `finish()`, the message.
    public func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(buffer.span.extracting(0..<byteCount))
    }

    /// Narrows the interval to `width` units from `start` units above its lower end.
    private mutating func narrow(start: UInt64, width: UInt64, unit: UInt64) {
        precondition(!isFinished, "the message is finished; reset() starts the next")
        let (sum, overflow) = low.addingReportingOverflow(start * unit)
        low = sum
        range = width * unit
        if overflow {
            carry()
        }
        while range < Self.leastRange {
            append(UInt8(low >> 56))
            low <<= 8
            range <<= 8
        }
    }

    /// Adds one in the last place of the bytes written. Never runs past the first: numbers stay below 1.
    private mutating func carry() {
        var index = byteCount - 1
        while buffer[index] == 0xFF {
            buffer[index] = 0
            index -= 1
        }
        buffer[index] += 1
    }

    private mutating func append(_ byte: UInt8) {
        precondition(byteCount < buffer.count, "the message is longer than the encoder's capacity")
        buffer[byteCount] = byte
        byteCount += 1
    }
}
