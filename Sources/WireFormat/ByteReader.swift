/// A cursor over bytes from outside: every read is checked against their end.
///
/// The bytes are an argument of each call because a type of ours cannot hold a span yet without experimental
/// features; they must be the same ones each time.
struct ByteReader: Sendable {
    /// Offset of the next byte.
    private(set) var offset: Int

    /// Offset of the end.
    let end: Int

    /// Starts at the first byte.
    init(_ bytes: RawSpan) {
        offset = 0
        end = bytes.byteCount
    }

    /// Bytes left.
    var remaining: Int { end - offset }

    /// Reads one byte.
    mutating func byte(_ bytes: RawSpan) throws(WireError) -> UInt8 {
        guard offset < end else { throw WireError(.truncated, at: offset) }
        defer { offset += 1 }
        return bytes.byte(at: offset)
    }

    /// Reads a big-endian integer of a fixed width.
    mutating func integer<Integer: FixedWidthInteger>(_ bytes: RawSpan) throws(WireError) -> Integer {
        let byteCount = Integer.bitWidth / 8
        guard remaining >= byteCount else { throw WireError(.truncated, at: offset) }
        var value: Integer = 0
        for position in offset..<offset + byteCount {
            value = value << 8 | Integer(truncatingIfNeeded: bytes.byte(at: position))
        }
        offset += byteCount
        return value
    }

    /// Reads an integer of the packet format's variable width: seven bits a byte, most significant first, bit 7
    /// set on all but the last. Refuses anything above `maximum` and any longer form than the shortest.
    mutating func varint(_ bytes: RawSpan, maximum: UInt64 = .max) throws(WireError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        while true {
            let next = try byte(bytes)
            guard value >> 57 == 0, offset - start > 1 || next != 0x80 else {
                throw WireError(.varint, at: start)
            }
            value = value << 7 | UInt64(next & 0x7F)
            guard next & 0x80 != 0 else { break }
        }
        guard value <= maximum else { throw WireError(.outOfRange, at: start) }
        return value
    }

    /// Steps over bytes and returns where they are.
    mutating func skip(_ byteCount: Int) throws(WireError) -> Range<Int> {
        guard byteCount <= remaining else { throw WireError(.truncated, at: offset) }
        defer { offset += byteCount }
        return offset..<offset + byteCount
    }

    /// Checks that nothing is left.
    func finish() throws(WireError) {
        guard offset == end else { throw WireError(.trailingBytes, at: offset) }
    }
}

extension RawSpan {
    /// The byte at an offset. Traps outside of the span.
    func byte(at offset: Int) -> UInt8 {
        // The load itself checks its bounds, and every bit pattern is a byte.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
