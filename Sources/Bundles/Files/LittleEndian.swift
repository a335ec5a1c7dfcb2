extension [UInt8] {
    /// Appends an integer's bytes, lowest first.
    mutating func append(littleEndian value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// The integers that a range of bytes holds, lowest byte first. Traps if the range is not within the
    /// array; a rest too short for an integer is left out.
    func integers<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type, in range: Range<Int>
    ) -> [Integer] {
        let width = Integer.bitWidth / 8
        let bytes = unsafe span.bytes
        return (0..<range.count / width).map { index in
            let offset = range.lowerBound + index * width
            return Integer(
                littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self))
        }
    }
}
