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
        var integers = copied(Integer.self, range)
        if Integer(littleEndian: 1) != 1 {
            for index in integers.indices { integers[index] = Integer(littleEndian: integers[index]) }
        }
        return integers
    }

    /// The float32 values that a range of bytes holds, as `integers`.
    func floats(in range: Range<Int>) -> [Float] {
        guard UInt32(littleEndian: 1) == 1 else {
            return integers(UInt32.self, in: range).map(Float.init(bitPattern:))
        }
        return copied(Float.self, range)
    }

    /// The float16 values that a range of bytes holds, as `integers`.
    func floats16(in range: Range<Int>) -> [Float] {
        integers(UInt16.self, in: range).map { Float(Float16(bitPattern: $0)) }
    }

    /// The float64 values that a range of bytes holds, as `integers`; infinite where `Float` ends before them.
    func floats64(in range: Range<Int>) -> [Float] {
        integers(UInt64.self, in: range).map { Float(Double(bitPattern: $0)) }
    }

    /// The bytes of a range as values in the machine's own order, in one copy.
    private func copied<Value: BitwiseCopyable>(_ type: Value.Type, _ range: Range<Int>) -> [Value] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range is within the array")
        let valueCount = range.count / MemoryLayout<Value>.stride
        return unsafe [Value](unsafeUninitializedCapacity: valueCount) { values, filled in
            unsafe withUnsafeBytes { bytes in
                let source = range.lowerBound..<range.lowerBound + valueCount * MemoryLayout<Value>.stride
                unsafe UnsafeMutableRawBufferPointer(values).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[source]))
            }
            filled = valueCount
        }
    }
}
