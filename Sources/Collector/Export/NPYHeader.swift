/// The header of a version 1.0 `.npy` file of little-endian float32 rows.
enum NPYHeader {
    /// The bytes before the values of `rows` × `columns`; a multiple of 64, as NumPy writes them.
    static func bytes(rows: Int, columns: Int) -> [UInt8] {
        let prefix = 10
        var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        let padding = (64 - (prefix + text.utf8.count + 1) % 64) % 64
        text += String(repeating: " ", count: padding) + "\n"
        let length = text.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
            + Array(text.utf8)
    }
}
