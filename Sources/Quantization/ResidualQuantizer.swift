/// Plain and residual vector quantization: each stage quantizes what the stages before it left over.
///
/// A rung names the codebook size of each used stage. Codes are found by a beam search over the stages:
/// after each stage the `beamWidth` best partial sums go on; the best one is the result. Ties go to the better
/// hypothesis before, then to the lowest codeword.
public struct ResidualQuantizer: Quantizer {
    /// The most stages.
    public static let maximumStages = 16

    /// The widest beam.
    public static let maximumBeamWidth = 32

    /// The shape of the frames.
    public let shape: FrameShape

    /// The stages, first stage first.
    public let stages: [ResidualStage]

    /// The rungs.
    public let ladder: Ladder

    /// Hypotheses kept after each stage.
    public let beamWidth: Int

    /// The codebook of each used stage at each rung. Rungs share the storage of equal codebooks.
    let codebooks: [[PackedCodebook]]

    /// Creates a quantizer.
    ///
    /// Traps unless there are 1...16 stages of `shape.tokenDimension` values, the beam width is 1...32, and
    /// each rung uses no more stages than there are, at sizes that they have (see `canUse(_:stages:)`).
    public init(shape: FrameShape, stages: [ResidualStage], ladder: Ladder, beamWidth: Int = 5) {
        precondition(1...Self.maximumStages ~= stages.count, "a residual quantizer has 1...16 stages")
        precondition(1...Self.maximumBeamWidth ~= beamWidth, "a beam is 1...32 wide")
        precondition(
            stages.allSatisfy { $0.base.dimension == shape.tokenDimension },
            "codewords have the dimension of a token")
        self.shape = shape
        self.stages = stages
        self.ladder = ladder
        self.beamWidth = beamWidth
        var packed: [[Int: PackedCodebook]] = Array(repeating: [:], count: stages.count)
        codebooks = ladder.rungs.map { rung in
            precondition(Self.canUse(rung, stages: stages), "a rung uses codebooks that the stages have")
            return zip(rung.sizes, stages).enumerated().compactMap { index, use in
                let (size, stage) = use
                if packed[index][size] == nil {
                    packed[index][size] = stage.codebook(size: size).map(PackedCodebook.init)
                }
                return packed[index][size]
            }
        }
    }

    /// Whether the stages have the codebooks that a rung uses; for rungs from outside.
    public static func canUse(_ rung: Rung, stages: [ResidualStage]) -> Bool {
        rung.sizes.count <= stages.count
            && zip(rung.sizes, stages).allSatisfy { size, stage in stage.codebook(size: size) != nil }
    }

    /// The codebook sizes of the used stages.
    public func alphabets(rung: Int) -> [Int] { ladder.rungs[rung].sizes }
}
