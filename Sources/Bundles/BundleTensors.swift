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

    /// The values of a tensor whose shape begins with the token groups where there are several, group by group.
    mutating func floats(_ name: String, groups: Int, shape: [Int]) throws(BundleError) -> [[Float]] {
        Self.split(try floats(name, shape: Self.shape(shape, groups: groups)), groups: groups)
    }

    mutating func codebooks(
        _ name: String, groups: Int, size: Int, dimension: Int
    ) throws(BundleError) -> [Codebook] {
        let codewords = try floats(name, shape: Self.shape([size, dimension], groups: groups))
        if codewords.largestMagnitude > Self.largestCodewordValue,
            let index = codewords.firstIndex(where: { $0.magnitude > Self.largestCodewordValue })
        {
            throw BundleError(
                "tensor \(name)",
                "element \(index) is \(codewords[index]);"
                    + " a magnitude of at most \(Self.largestCodewordValue) is allowed")
        }
        return Self.split(codewords, groups: groups).map {
            Codebook(codewords: $0, size: size, dimension: dimension)
        }
    }

    mutating func counts(_ name: String, groups: Int, size: Int) throws(BundleError) -> [[UInt64]] {
        let shape = Self.shape([size], groups: groups)
        let counts = Self.split(
            file.integers(UInt64.self, of: try tensor(name, .uint64, shape)), groups: groups)
        guard counts.allSatisfy(Self.areCounts) else {
            throw BundleError(
                "tensor \(name)", "its sum is above \(Self.mostTokens), the most that is allowed")
        }
        return counts
    }

    /// Whether numbers add up to at most `mostTokens`.
    static func areCounts(_ counts: [UInt64]) -> Bool {
        counts.reduce(UInt128(0)) { $0 + UInt128($1) } <= UInt128(mostTokens)
    }

    mutating func tables(_ name: String, groups: Int, size: Int) throws(BundleError) -> [FrequencyTable] {
        let shape = Self.shape([size], groups: groups)
        let frequencies = Self.split(
            file.integers(UInt16.self, of: try tensor(name, .uint16, shape)), groups: groups)
        var tables: [FrequencyTable] = []
        for frequencies in frequencies {
            do throws(FrequencyTableError) {
                tables.append(try FrequencyTable(frequencies: frequencies))
            } catch {
                throw BundleError("tensor \(name)", error.description)
            }
        }
        return tables
    }

    /// The shape of a tensor that holds one part for each token group.
    static func shape(_ shape: [Int], groups: Int) -> [Int] {
        groups == 1 ? shape : [groups] + shape
    }

    private static func split<Value>(_ values: [Value], groups: Int) -> [[Value]] {
        guard groups > 1 else { return [values] }
        let count = values.count / groups
        return (0..<groups).map { Array(values[$0 * count..<($0 + 1) * count]) }
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
