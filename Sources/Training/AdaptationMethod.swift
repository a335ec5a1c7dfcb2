import EntropyCoding

/// How adapted codebooks are made. All methods but `kmeans` need calibration statistics and no frames.
public enum AdaptationMethod: String, Sendable, CaseIterable {
    /// Differentiable k-means, weighted by use, from the Ward tree's cut; for sizes above the base, `split`.
    case dkm

    /// Differentiable k-means as rate-adaptive quantization sets it; kept for comparison.
    case paperDKM = "dkm-paper"

    /// The Ward tree's cut: indices of all sizes are nested.
    case ward

    /// Codewords split along the principal axes of what they stand for; for sizes above the base.
    case split

    /// The inverse of differentiable k-means as rate-adaptive quantization has it; for sizes above the base.
    case ikm

    /// Dedicated k-means on what training frames leave to the stage; the bar that the others are held against.
    case kmeans

    /// Whether the method needs training frames.
    public var needsFrames: Bool { self == .kmeans }

    /// The names of all methods, for messages.
    public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// The sizes that the method makes from a base codebook, which always has its own size already.
    public func allows(size: Int, base: Int) -> Bool {
        switch self {
        case .dkm, .kmeans: size != base && 2...FrequencyTable.symbolCounts.upperBound ~= size
        case .paperDKM, .ward: size < base && size >= 2
        case .split, .ikm: size > base && size <= FrequencyTable.symbolCounts.upperBound
        }
    }

    /// The sizes that `allows(size:base:)` allows, for messages.
    public func allowedSizes(base: Int) -> String {
        let largest = FrequencyTable.symbolCounts.upperBound
        let smaller = base > 2 ? "2...\(base - 1)" : "none"
        let larger = base < largest ? "\(base + 1)...\(largest)" : "none"
        return switch self {
        case .dkm, .kmeans: "\(smaller) and \(larger)"
        case .paperDKM, .ward: smaller
        case .split, .ikm: larger
        }
    }

    /// The sizes where none are asked for: every power of two below the base size, or twice and four times the base size
    /// for a method that makes larger codebooks only.
    public func defaultSizes(base: Int) -> [Int] {
        switch self {
        case .dkm, .paperDKM, .ward, .kmeans: (1..<17).map { 1 << $0 }.filter { $0 < base }
        case .split, .ikm: [2 * base, 4 * base].filter { allows(size: $0, base: base) }
        }
    }
}
