import Quantization

/// The .npy format: `\x93NUMPY`, two version bytes, the header's length (u16 in version 1, u32 in 2 and 3),
/// the header, a Python dictionary with the keys descr, fortran_order and shape, and the values.
extension FrameArray {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Takes a .npy file's bytes apart.
    ///
    /// Versions 1.0, 2.0 and 3.0; little-endian float16, float32 and float64 in C order; two or three
    /// dimensions. Values need not be finite, see ``firstNonFiniteFrame``.
    public init(parsing bytes: [UInt8]) throws(NPYError) {
        guard bytes.starts(with: Self.magic), bytes.count >= 8 else {
            throw NPYError("byte 0: this is no .npy file")
        }
        let lengthWidth: Int
        switch (bytes[6], bytes[7]) {
        case (1, 0): lengthWidth = 2
        case (2, 0), (3, 0): lengthWidth = 4
        case (let major, let minor):
            throw NPYError("byte 6: .npy version \(major).\(minor) is unknown; allowed are 1.0, 2.0 and 3.0")
        }
        let headerStart = 8 + lengthWidth
        guard bytes.count >= headerStart else {
            throw NPYError("byte 8: the file ends within the header's length")
        }
        let length = (0..<lengthWidth).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        guard length <= bytes.count - headerStart else {
            throw NPYError(
                "byte 8: the header is said to have \(length) bytes; \(bytes.count - headerStart) are there")
        }
        let header = try NPYHeader(parsing: bytes[headerStart..<headerStart + length])
        let (shape, count) = try Self.layout(header.shape)

        let dataStart = headerStart + length
        let (values, overflow) = count.multipliedReportingOverflow(by: shape.dimension)
        let (size, overflow2) = values.multipliedReportingOverflow(by: header.type.width)
        guard !overflow, !overflow2, size == bytes.count - dataStart else {
            let needed = overflow || overflow2 ? "more than any file has" : "\(size)"
            throw NPYError(
                "byte \(dataStart): \(bytes.count - dataStart) bytes of data; shape \(header.shape) of"
                    + " \(header.type.width)-byte floats takes \(needed)")
        }
        let data = dataStart..<bytes.count
        switch header.type {
        case .float16:
            let values = bytes.integers(UInt16.self, in: data).map { Float(Float16(bitPattern: $0)) }
            self.init(shape: shape, values: values)
        case .float32:
            self.init(
                shape: shape, values: bytes.integers(UInt32.self, in: data).map(Float.init(bitPattern:)))
        case .float64:
            let values = bytes.integers(UInt64.self, in: data).map { Float(Double(bitPattern: $0)) }
            self.init(shape: shape, values: values)
        }
    }

    /// The bytes of a .npy file, version 1.0, float32.
    public func serialized() -> [UInt8] {
        let frame = shape.tokens == 1 ? "\(shape.dimension)" : "\(shape.tokens), \(shape.tokenDimension)"
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(count), \(frame)), }"
        // Padded so that the values begin at a multiple of 64.
        let unpadded = Self.magic.count + 4 + header.utf8.count + 1
        header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"

        var bytes = Self.magic + [1, 0]
        bytes.reserveCapacity(10 + header.utf8.count + values.count * 4)
        bytes.append(littleEndian: UInt16(header.utf8.count))
        bytes.append(contentsOf: header.utf8)
        for value in values {
            bytes.append(littleEndian: value.bitPattern)
        }
        return bytes
    }

    /// The frames' shape and number from the array's shape.
    private static func layout(_ dimensions: [Int]) throws(NPYError) -> (shape: FrameShape, count: Int) {
        guard dimensions.count == 2 || dimensions.count == 3 else {
            throw NPYError(
                "the array has \(dimensions.count) dimensions; frames × dimension or"
                    + " frames × tokens × token dimension is needed")
        }
        let tokens = dimensions.count == 2 ? 1 : dimensions[1]
        let tokenDimension = dimensions[dimensions.count - 1]
        guard FrameShape.isValid(tokens: tokens, tokenDimension: tokenDimension) else {
            throw NPYError(
                "shape \(dimensions): a frame must have 1 to \(FrameShape.maximumDimension) values")
        }
        return (FrameShape(tokens: tokens, tokenDimension: tokenDimension), dimensions[0])
    }
}
