public import Quantization

/// What is wrong with an `.idx` file.
public enum IndexFileError: Error, Hashable {
    /// The file does not begin as an `.idx` file of version 1 does.
    case notAnIndexFile
    /// The file ends before its blocks do.
    case truncated(offset: Int, frames: UInt64)
    /// Bytes after the last block.
    case trailingBytes(offset: Int, count: Int)
    /// The frames were encoded with another bundle.
    case otherBundle(file: String, given: String)
    /// More values than are decoded.
    case tooManyValues(frames: Int, dimension: Int)
    /// A block cannot be decoded.
    case block(Int, BlockError)
}

extension IndexFileError: CustomStringConvertible {
    /// What is wrong, where, and what is allowed.
    public var description: String {
        switch self {
        case .notAnIndexFile:
            "byte 0: this is no .idx file of version 1"
        case .truncated(let offset, let frames):
            "byte \(offset): the file ends before the blocks of its \(frames) frames do"
        case .trailingBytes(let offset, let count):
            "byte \(offset): \(count) bytes follow the last block; none may"
        case .otherBundle(let file, let given):
            "the frames were encoded with bundle \(file); the given bundle is \(given)"
        case .tooManyValues(let frames, let dimension):
            "\(frames) frames of \(dimension) values; at most \(IndexFile.mostValues) values are decoded"
        case .block(let index, let error):
            "block \(index): \(error)"
        }
    }
}
