/// The content of a safetensors file: named tensors and string metadata.
///
/// Layout: u64 little-endian byte count of the header; the header, a JSON object padded with spaces so that
/// the data begins at a multiple of 8; the tensors' data back to back, widest element types first. There is
/// no gap, overlap or byte left over; readers refuse them.
public struct SafeTensors: Sendable {
    /// The longest header that is read, in bytes. It bounds what parsing a header takes.
    public static let longestHeader = 4 << 20

    /// The header's string metadata.
    public let metadata: [String: String]

    /// The tensors by name.
    public let tensors: [String: Tensor]

    /// The whole file.
    let bytes: [UInt8]

    /// A tensor's description: where its elements are and what they are.
    public struct Tensor: Sendable, Hashable {
        /// The tensor's name.
        public let name: String

        /// The type of the elements.
        public let type: ElementType

        /// Elements in each dimension, outermost first; their product is the number of elements.
        public let shape: [Int]

        /// The elements' bytes, counted from the start of the file.
        public let range: Range<Int>
    }

    /// Element types, by the names that headers use.
    public enum ElementType: String, Sendable, CaseIterable {
        case float64 = "F64"
        case int64 = "I64"
        case uint64 = "U64"
        case float32 = "F32"
        case int32 = "I32"
        case uint32 = "U32"
        case float16 = "F16"
        case bfloat16 = "BF16"
        case int16 = "I16"
        case uint16 = "U16"
        case int8 = "I8"
        case uint8 = "U8"
        case bool = "BOOL"

        /// Whether the elements are floating-point numbers.
        public var isFloat: Bool {
            switch self {
            case .float64, .float32, .float16, .bfloat16: true
            default: false
            }
        }

        /// Bytes of an element.
        public var width: Int {
            switch self {
            case .float64, .int64, .uint64: 8
            case .float32, .int32, .uint32: 4
            case .float16, .bfloat16, .int16, .uint16: 2
            case .int8, .uint8, .bool: 1
            }
        }
    }
}
