extension SafeTensors {
    /// The values of a tensor of any float type, row-major, as `Float`.
    ///
    /// - Throws: ``BundleError`` if the elements are no floats, or one is not finite as a `Float`.
    public func floats(of tensor: Tensor) throws(BundleError) -> [Float] {
        let values: [Float]
        switch tensor.type {
        case .float64: values = bytes.floats64(in: tensor.range)
        case .float32: values = bytes.floats(in: tensor.range)
        case .float16: values = bytes.floats16(in: tensor.range)
        case .bfloat16:
            values = bytes.integers(UInt16.self, in: tensor.range).map { Float(bitPattern: UInt32($0) << 16) }
        default:
            throw BundleError(
                "tensor \(tensor.name)",
                "its dtype is \(tensor.type.rawValue); allowed are F64, F32, F16 and BF16")
        }
        if !values.largestMagnitude.isFinite, let index = values.firstIndex(where: { !$0.isFinite }) {
            throw BundleError(
                "tensor \(tensor.name)",
                "element \(index) is \(values[index]); only finite values are allowed")
        }
        return values
    }

    /// The values of a tensor of unsigned integers, row-major. Traps unless its type has the integers' width.
    public func integers<Integer: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ type: Integer.Type, of tensor: Tensor
    ) -> [Integer] {
        precondition(
            tensor.type.rawValue == "U\(Integer.bitWidth)", "the tensor has elements of another type")
        return bytes.integers(type, in: tensor.range)
    }
}
