import Quantization

/// Makes codebooks of other sizes for one stage from its base codebook and calibration statistics, without frames.
struct CodebookAdapter: Sendable {
    /// Points that stand for a stage's tokens, for each base codeword; and the most in all.
    private static let pointsPerCodeword = 4
    private static let mostPoints = 4_096

    /// Steps for codebooks of 16 codewords or more, but at most one for each 16 base codewords: more cost little there and
    /// gain most.
    private static let thoroughSteps = 30

    private let base: Codebook
    private let splitter: CellSplitter
    private let tree: WardTree?
    private let points: WeightedCodebook
    private let scale: Double
    private let seed: UInt64

    /// Prepares what all sizes share; the tree only where smaller sizes are wanted.
    ///
    /// - Complexity: O(size² × dimension)
    init(_ base: Codebook, _ statistics: StageStatistics, seed: UInt64, makesSmaller: Bool) {
        self.base = base
        self.seed = seed
        splitter = CellSplitter(statistics)
        points = Self.points(statistics)
        let means = WeightedCodebook(statistics)
        tree = makesSmaller ? WardTree(means) : nil
        scale = makesSmaller ? means.codebook.meanNearestDistance : 0
    }

    /// Weighted points that stand for a stage's tokens: the means of its codewords' tokens, split along their axes.
    static func points(_ statistics: StageStatistics) -> WeightedCodebook {
        let count = statistics.counts.count
        return CellSplitter(statistics).split(size: max(count, min(pointsPerCodeword * count, mostPoints)))
    }

    /// A codebook, with its map from base indices where that is not just to the nearest codeword.
    struct Result: Sendable {
        var codebook: Codebook
        var map: [UInt16]?
    }

    /// A codebook of a size that the method allows; nil where it would be worse than the base codebook though larger.
    func adapt(_ method: AdaptationMethod, size: Int) -> Result? {
        if method == .ward, let tree {
            return Result(codebook: tree.cut(size: size), map: tree.map(size: size).map(UInt16.init))
        }
        let codebook =
            switch method {
            case .paperDKM: paperDKM(size: size)
            case .ikm: inverse(size: size)
            case .dkm, .ward, .split, .kmeans:
                size > base.size ? splitter.split(size: size).codebook : dkm(size: size)
            }
        return codebook.map { Result(codebook: $0) }
    }

    private func dkm(size: Int) -> Codebook? {
        var method = DKM()
        if size >= 16, 16 * size <= base.size { method.steps = Self.thoroughSteps }
        return tree.map { [method] in method.adapt(points, from: $0.cut(size: size), scale: scale) }
    }

    private func paperDKM(size: Int) -> Codebook? {
        var method = PaperDKM()
        method.seed = seed
        return method.adapt(base, size: size)
    }

    private func inverse(size: Int) -> Codebook? {
        var method = InverseDKM()
        method.seed = seed
        let codebook = method.adapt(base, size: size).codebook
        let assignment = SoftAssignment(points)
        return assignment.distortion(at: codebook) <= assignment.distortion(at: base) ? codebook : nil
    }
}
