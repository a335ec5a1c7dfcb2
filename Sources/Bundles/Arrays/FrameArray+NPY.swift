import Quantization

extension FrameArray {
    /// Takes a .npy file's bytes apart: an array of two or three dimensions, see ``NPYArray``.
    ///
    /// Values need not be finite, see ``firstNonFiniteFrame``.
    public init(parsing bytes: [UInt8]) throws(NPYError) {
        let array = try NPYArray(parsing: bytes)
        self.init(shape: try Self.shape(array.shape), values: array.values)
    }

    /// The bytes of a .npy file, version 1.0, float32.
    public func serialized() -> [UInt8] {
        let frame = shape.tokens == 1 ? "\(shape.dimension)" : "\(shape.tokens), \(shape.tokenDimension)"
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(count), \(frame)), }"
        // Padded so that the values begin at a multiple of 64.
        let unpadded = NPYArray.magic.count + 4 + header.utf8.count + 1
        header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"

        var bytes = NPYArray.magic + [1, 0]
        bytes.reserveCapacity(10 + header.utf8.count + values.count * 4)
        bytes.append(littleEndian: UInt16(header.utf8.count))
        bytes.append(contentsOf: header.utf8)
        for value in values {
            bytes.append(littleEndian: value.bitPattern)
        }
        return bytes
    }

    /// The shape of frames in an array of such dimensions.
    private static func shape(_ dimensions: [Int]) throws(NPYError) -> FrameShape {
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
        return FrameShape(tokens: tokens, tokenDimension: tokenDimension)
    }
}
