extension OutputRawSpan {
    /// Appends an integer, most significant byte first. Traps without room for it.
    mutating func append(bigEndian value: some FixedWidthInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Appends an integer in the variable width that `ByteReader.varint` reads. Traps without room for it.
    mutating func append(varint value: UInt64) {
        for shift in stride(from: 7 * (Varint.byteCount(value) - 1), to: 0, by: -7) {
            append(UInt8(truncatingIfNeeded: value >> UInt64(shift)) | 0x80)
        }
        append(UInt8(truncatingIfNeeded: value) & 0x7F)
    }

    /// Appends a string's UTF-8 bytes. Traps without room for them.
    mutating func append(utf8 string: String) {
        for byte in string.utf8 { append(byte) }
    }
}

/// The packet format's variable-length integers.
enum Varint {
    /// Bytes that a value takes, 1 to 10.
    static func byteCount(_ value: UInt64) -> Int {
        max(1, (64 - value.leadingZeroBitCount + 6) / 7)
    }

    /// A signed value with its sign in the lowest bit, so that small values of both signs are short.
    static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value << 1 ^ value >> 63)
    }

    /// The signed value of `zigzag`.
    static func unzigzag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
