public import EntropyCoding

/// Plain and residual vector quantization: each stage quantizes what the stages before it left over.
///
/// A rung names the codebook size of each used stage. Codes are found by a beam search over the stages:
/// after each stage the `beamWidth` best partial sums go on; the best one is the result. Ties go to the better
/// hypothesis before, then to the lowest codeword.
///
/// The tokens of a frame share stages and tables, or each token has its own: there is one token group, or one for
/// each token.
///
/// Rungs of several stages are searched by products of their codewords where the beam is wider than 1, tokens have 24
/// values or more, and the products fit into 16 MiB. Their codes may differ from those of a search without where two
/// sums are all but equally good, but never from machine to machine.
public struct ResidualQuantizer: Quantizer {
    /// The most stages.
    public static let maximumStages = 16

    /// The widest beam.
    public static let maximumBeamWidth = 32

    /// The shape of the frames.
    public let shape: FrameShape

    /// The stages of each token group, first stage first. All groups have the same sizes.
    public let groups: [[ResidualStage]]

    /// The rungs.
    public let ladder: Ladder

    /// The probability tables, `tables[rung][group][stage]`; what a rung's weight of rate is about.
    public let tables: [[[FrequencyTable]]]

    /// Hypotheses kept after each stage.
    public let beamWidth: Int

    /// The codebook of each used stage, `codebooks[rung][group][stage]`, with the rung's weight of rate. Rungs share the
    /// laid out codewords of equal codebooks.
    let codebooks: [[[PackedCodebook]]]

    /// The stages of the first token group, for their number and sizes.
    public var stages: [ResidualStage] { groups[0] }

    /// What encoders look up; copies of the quantizer share it.
    let productTableCache = ProductTableCache()

    /// Creates a quantizer.
    ///
    /// Traps unless there is one token group or one for each token, each has the same 1...16 stages of
    /// `shape.tokenDimension` values, the beam width is 1...32, each rung uses no more stages than there are, at sizes
    /// that they have (see `canUse(_:stages:)`), and has tables of these sizes for each group.
    public init(
        shape: FrameShape, groups: [[ResidualStage]], ladder: Ladder, tables: [[[FrequencyTable]]],
        beamWidth: Int = 5
    ) {
        precondition(
            groups.count == 1 || groups.count == shape.tokens, "one token group, or one for each token")
        precondition(
            groups.allSatisfy { 1...Self.maximumStages ~= $0.count },
            "a residual quantizer has 1...16 stages")
        precondition(
            groups.allSatisfy { $0.map(\.sizes) == groups[0].map(\.sizes) },
            "token groups have the same sizes")
        precondition(1...Self.maximumBeamWidth ~= beamWidth, "a beam is 1...32 wide")
        precondition(
            groups.joined().allSatisfy { $0.base.dimension == shape.tokenDimension },
            "codewords have the dimension of a token")
        precondition(
            ladder.rungs.allSatisfy { Self.canUse($0, stages: groups[0]) },
            "a rung uses codebooks that the stages have")
        precondition(
            tables.count == ladder.rungs.count
                && zip(tables, ladder.rungs).allSatisfy { tables, rung in
                    tables.count == groups.count && tables.allSatisfy { $0.map(\.symbolCount) == rung.sizes }
                },
            "a rung has a table for each group and used stage, of its codebook's size")
        self.shape = shape
        self.groups = groups
        self.ladder = ladder
        self.tables = tables
        self.beamWidth = beamWidth
        var packed: [[[Int: PackedCodebook]]] = groups.map { Array(repeating: [:], count: $0.count) }
        codebooks = zip(ladder.rungs, tables).map { rung, tables in
            groups.enumerated().map { group, stages in
                zip(rung.sizes, stages).enumerated().compactMap { index, use in
                    let (size, stage) = use
                    if packed[group][index][size] == nil {
                        packed[group][index][size] = stage.codebook(size: size).map(PackedCodebook.init)
                    }
                    return packed[group][index][size]?
                        .weighing(lambda: rung.lambda, by: tables[group][index])
                }
            }
        }
    }

    /// Creates a quantizer whose tokens share their stages; without tables all codes of a stage are taken as equally
    /// frequent. Traps as the other does.
    public init(
        shape: FrameShape, stages: [ResidualStage], ladder: Ladder, tables: [[FrequencyTable]]? = nil,
        beamWidth: Int = 5
    ) {
        let tables =
            tables
            ?? ladder.rungs.map { $0.sizes.map { FrequencyTable(counts: Array(repeating: 1, count: $0)) } }
        self.init(
            shape: shape, groups: [stages], ladder: ladder, tables: tables.map { [$0] }, beamWidth: beamWidth)
    }

    /// Whether the stages have the codebooks that a rung uses; for rungs from outside.
    public static func canUse(_ rung: Rung, stages: [ResidualStage]) -> Bool {
        rung.sizes.count <= stages.count
            && zip(rung.sizes, stages).allSatisfy { size, stage in stage.codebook(size: size) != nil }
    }

    /// The codebook sizes of the used stages.
    public func alphabets(rung: Int) -> [Int] { ladder.rungs[rung].sizes }

    /// The group of a token.
    public func group(ofToken token: Int) -> Int { groups.count == 1 ? 0 : token }
}
