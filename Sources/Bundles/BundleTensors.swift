import EntropyCoding
import Quantization

/// Reads the tensors of a bundle one by one, each as what it must be, and knows which are left.
struct BundleTensors {
    /// The largest magnitude in a codebook. Codewords are in normalized units, near 1; the bound keeps the
    /// squared norm of a codeword of the most values finite.
    static let largestCodewordValue: Float = 1e15

    /// The most tokens that the counts of a stage add up to: doubles hold the sum exactly.
    static let mostTokens: UInt64 = 1 << 53

    private let file: SafeTensors
    private var remaining: Set<String>

    init(_ file: SafeTensors) {
        self.file = file
        remaining = Set(file.tensors.keys)
    }

    /// Refuses tensors that were not asked for.
    func finish() throws(BundleError) {
        if let name = remaining.min() {
            throw BundleError("tensor \(name)", "no such tensor belongs to this bundle")
        }
    }

    mutating func floats(_ name: String, shape: [Int]) throws(BundleError) -> [Float] {
        try file.floats(of: tensor(name, .float32, shape))
    }

    mutating func codebook(_ name: String, size: Int, dimension: Int) throws(BundleError) -> Codebook {
        let codewords = try floats(name, shape: [size, dimension])
        if let index = codewords.firstIndex(where: { $0.magnitude > Self.largestCodewordValue }) {
            throw BundleError(
                "tensor \(name)",
                "element \(index) is \(codewords[index]);"
                    + " a magnitude of at most \(Self.largestCodewordValue) is allowed")
        }
        return Codebook(codewords: codewords, size: size, dimension: dimension)
    }

    mutating func counts(_ name: String, shape: [Int]) throws(BundleError) -> [UInt64] {
        let counts = file.integers(UInt64.self, of: try tensor(name, .uint64, shape))
        guard Self.areCounts(counts) else {
            throw BundleError(
                "tensor \(name)", "its sum is above \(Self.mostTokens), the most that is allowed")
        }
        return counts
    }

    /// Whether numbers add up to at most `mostTokens`.
    static func areCounts(_ counts: [UInt64]) -> Bool {
        counts.reduce(UInt128(0)) { $0 + UInt128($1) } <= UInt128(mostTokens)
    }

    mutating func table(_ name: String, size: Int) throws(BundleError) -> FrequencyTable {
        let frequencies = file.integers(UInt16.self, of: try tensor(name, .uint16, [size]))
        do throws(FrequencyTableError) {
            return try FrequencyTable(frequencies: frequencies)
        } catch {
            throw BundleError("tensor \(name)", error.description)
        }
    }

    private mutating func tensor(
        _ name: String, _ type: SafeTensors.ElementType, _ shape: [Int]
    ) throws(BundleError) -> SafeTensors.Tensor {
        guard let tensor = file.tensors[name] else {
            throw BundleError("tensor \(name)", "it is missing")
        }
        guard tensor.type == type, tensor.shape == shape else {
            throw BundleError(
                "tensor \(name)",
                "it is \(tensor.type.rawValue) of shape \(tensor.shape);"
                    + " \(type.rawValue) of shape \(shape) is needed")
        }
        remaining.remove(name)
        return tensor
    }
}
