/// An array of floats of any shape, as .npy files hold it.
///
/// The format: `\x93NUMPY`, two version bytes, the header's length (u16 in version 1, u32 in 2 and 3), the header,
/// a Python dictionary with the keys descr, fortran_order and shape, and the values.
public struct NPYArray: Sendable, Equatable {
    /// The first bytes of every .npy file.
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Elements in each dimension, outermost first.
    public let shape: [Int]

    /// The values in row-major order. They need not be finite; float64 beyond `Float` is infinite.
    public let values: [Float]

    /// Whether bytes begin as those of a .npy file do.
    public static func begins(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: magic)
    }

    /// Takes a .npy file's bytes apart: versions 1.0, 2.0 and 3.0; little-endian float16, float32 and float64 in C
    /// order; up to eight dimensions.
    public init(parsing bytes: [UInt8]) throws(NPYError) {
        guard Self.begins(bytes), bytes.count >= 8 else {
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
        let dataStart = headerStart + length
        let size = Self.byteCount(of: header)
        guard size == bytes.count - dataStart else {
            throw NPYError(
                "byte \(dataStart): \(bytes.count - dataStart) bytes of data; shape \(header.shape) of"
                    + " \(header.type.width)-byte floats takes \(size.map(String.init) ?? "more than any file has")"
            )
        }
        shape = header.shape
        values =
            switch header.type {
            case .float16: bytes.floats16(in: dataStart..<bytes.count)
            case .float32: bytes.floats(in: dataStart..<bytes.count)
            case .float64: bytes.floats64(in: dataStart..<bytes.count)
            }
    }

    /// The bytes that a header's values take; nil where no `Int` is large enough.
    private static func byteCount(of header: NPYHeader) -> Int? {
        var size = header.type.width
        for count in header.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: count)
            guard !overflow else { return nil }
            size = product
        }
        return size
    }
}
