import Quantization

/// The JSON document in a bundle's metadata: everything that is no array of numbers.
///
/// ```
/// {"format":2,"tokens":1,"token_dimension":192,"token_groups":1,"beam_width":5,
///  "stages":[{"base":256,"adapted":[16,64]}],
///  "rungs":[{"sizes":[16],"lambda":0.0,"coded_bits_per_frame":3.9,"mse":0.5}],
///  "statistics":true,"provenance":{"frames":1000,"seed":1,"adaptation":"dkm"}}
/// ```
struct BundleDocument {
    /// The format that is written.
    static let format = 2

    /// The formats that are read. Format 1 had neither weights of rate nor token groups, and no
    /// index maps and spreads.
    static let formats = 1...2

    /// The metadata key.
    static let key = "weir"

    /// Whether there are index maps and, with statistics, spreads.
    var hasMapsAndSpreads = true
    var shape: FrameShape
    /// 1 where all tokens share codebooks and tables, else the number of tokens.
    var tokenGroups: Int
    var beamWidth: Int
    var stages: [Stage]
    var rungs: [Rung]
    var hasStatistics: Bool
    var provenance: BundleProvenance

    /// The codebook sizes of a stage; those of adapted codebooks ascend.
    struct Stage {
        var base: Int
        var adapted: [Int]
    }

    /// The document of a bundle's parts.
    init(codec: FrameCodec, hasStatistics: Bool, provenance: BundleProvenance) {
        shape = codec.shape
        tokenGroups = codec.residual.groups.count
        beamWidth = codec.residual.beamWidth
        stages = codec.residual.stages.map { Stage(base: $0.base.size, adapted: $0.adapted.keys.sorted()) }
        rungs = codec.ladder.rungs
        self.hasStatistics = hasStatistics
        self.provenance = provenance
    }

    /// The document as JSON text.
    var text: String {
        let stages = stages.map { stage in
            JSONValue.object([
                JSONMember("base", .integer(stage.base)),
                JSONMember("adapted", .array(stage.adapted.map { .integer($0) })),
            ])
        }
        let rungs = rungs.map { rung in
            JSONValue.object([
                JSONMember("sizes", .array(rung.sizes.map { .integer($0) })),
                JSONMember("lambda", .double(Double(rung.lambda))),
                JSONMember("coded_bits_per_frame", .double(rung.codedBitsPerFrame)),
                JSONMember("mse", .double(rung.mse)),
            ])
        }
        var origin = [
            JSONMember("frames", .integer(provenance.frames)),
            JSONMember("seed", .integer(provenance.seed)),
            JSONMember("adaptation", .string(provenance.adaptation)),
        ]
        if let variance = provenance.variance { origin.append(JSONMember("variance", .double(variance))) }
        return JSONValue.object([
            JSONMember("format", .integer(Self.format)),
            JSONMember("tokens", .integer(shape.tokens)),
            JSONMember("token_dimension", .integer(shape.tokenDimension)),
            JSONMember("token_groups", .integer(tokenGroups)),
            JSONMember("beam_width", .integer(beamWidth)),
            JSONMember("stages", .array(stages)),
            JSONMember("rungs", .array(rungs)),
            JSONMember("statistics", .bool(hasStatistics)),
            JSONMember("provenance", .object(origin)),
        ]).text
    }
}
