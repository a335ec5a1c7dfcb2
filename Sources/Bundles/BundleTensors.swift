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

    mutating func codebooks(
        _ name: String, groups: Int, size: Int, dimension: Int
    ) throws(BundleError) -> [Codebook] {
        try normalizedValues(name, groups: groups, shape: [size, dimension]).map {
            Codebook(codewords: $0, size: size, dimension: dimension)
        }
    }

    /// The calibration statistics of a stage for each token group.
    mutating func statistics(
        _ stage: String, groups: Int, size: Int, dimension: Int, hasSpread: Bool
    ) throws(BundleError) -> [StageStatistics] {
        let counts = try counts("\(stage).count", groups: groups, size: size)
        let means = try normalizedValues("\(stage).mean", groups: groups, shape: [size, dimension])
        guard hasSpread else {
            return zip(counts, means).map { StageStatistics(counts: $0, means: $1) }
        }
        let axes = StageStatistics.axisCount(dimension: dimension)
        let spread = try normalizedValues(
            "\(stage).spread", groups: groups, shape: [size, axes, dimension])
        return (0..<groups).map {
            StageStatistics(counts: counts[$0], means: means[$0], spread: spread[$0])
        }
    }

    /// Values in normalized units for each token group, none too large.
    private mutating func normalizedValues(
        _ name: String, groups: Int, shape: [Int]
    ) throws(BundleError) -> [[Float]] {
        let values = try floats(name, shape: Self.shape(shape, groups: groups))
        if values.largestMagnitude > Self.largestCodewordValue,
            let index = values.firstIndex(where: { $0.magnitude > Self.largestCodewordValue })
        {
            throw BundleError(
                "tensor \(name)",
                "element \(index) is \(values[index]);"
                    + " a magnitude of at most \(Self.largestCodewordValue) is allowed")
        }
        return Self.split(values, groups: groups)
    }

    /// Index maps from a base codebook to a smaller one, for each token group.
    mutating func maps(
        _ name: String, groups: Int, from base: Int, to size: Int
    ) throws(BundleError) -> [[UInt16]] {
        let shape = Self.shape([base], groups: groups)
        let indices = file.integers(UInt16.self, of: try tensor(name, .uint16, shape))
        if let index = indices.firstIndex(where: { Int($0) >= size }) {
            throw BundleError(
                "tensor \(name)", "element \(index) is \(indices[index]); allowed are 0...\(size - 1)")
        }
        return Self.split(indices, groups: groups)
    }

    private mutating func counts(_ name: String, groups: Int, size: Int) throws(BundleError) -> [[UInt64]] {
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
