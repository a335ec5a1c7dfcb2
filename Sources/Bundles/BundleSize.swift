/// What the bytes of a bundle's file are for.
public struct BundleSize: Sendable, Hashable {
    /// The whole file.
    public private(set) var total: Int
    /// Base codebooks.
    public private(set) var base = 0
    /// Adapted codebooks.
    public private(set) var adapted = 0
    /// Maps from base codewords to those of adapted codebooks.
    public private(set) var maps = 0
    /// Frequency tables.
    public private(set) var tables = 0
    /// Calibration statistics.
    public private(set) var statistics = 0
    /// The header and the normalization.
    public private(set) var rest = 0

    /// Divides up a bundle's file.
    ///
    /// - Throws: ``BundleError`` where the bytes are no safetensors file.
    public init(parsing bytes: [UInt8]) throws(BundleError) {
        total = bytes.count
        rest = bytes.count
        for tensor in try SafeTensors(parsing: bytes).tensors.values {
            let parts = tensor.name.split(separator: ".")
            let size = tensor.range.count
            switch parts.first {
            case "table": tables += size
            case "stage":
                if parts.contains("map") {
                    maps += size
                } else if parts.last == "base" {
                    base += size
                } else if parts.last?.first == "k" {
                    adapted += size
                } else {
                    statistics += size
                }
            default: continue
            }
            rest -= size
        }
    }
}
