import EntropyCoding
import Quantization

extension BundleDocument {
    /// Takes a document's text apart and checks all that needs no tensor.
    init(parsing text: String) throws(BundleError) {
        let place = "metadata \(Self.key)"
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(Array(text.utf8)[...])
        } catch {
            throw BundleError(place, "this is not JSON: byte \(error.offset): \(error.problem)")
        }
        var fields = try JSONFields(value, place: place)
        let format = try fields.integer("format", in: 0...Int.max)
        guard Self.formats ~= format else {
            throw BundleError(place, "format \(format) is unknown; allowed is \(Self.formats)")
        }
        hasMapsAndSpreads = format > 1
        let tokens = try fields.integer("tokens", in: 1...FrameShape.maximumDimension)
        let tokenDimension = try fields.integer("token_dimension", in: 1...FrameShape.maximumDimension)
        guard FrameShape.isValid(tokens: tokens, tokenDimension: tokenDimension) else {
            throw BundleError(
                place,
                "a frame of \(tokens) tokens of \(tokenDimension) values;"
                    + " at most \(FrameShape.maximumDimension) values are allowed")
        }
        shape = FrameShape(tokens: tokens, tokenDimension: tokenDimension)
        tokenGroups = format == 1 ? 1 : try fields.integer("token_groups", in: 1...tokens)
        guard tokenGroups == 1 || tokenGroups == tokens else {
            throw BundleError(place, "token_groups is \(tokenGroups); allowed are 1 and \(tokens)")
        }
        beamWidth = try fields.integer("beam_width", in: 1...ResidualQuantizer.maximumBeamWidth)
        stages = try Self.stages(fields.array("stages"), place: place)
        rungs = try Self.rungs(fields.array("rungs"), format: format, stages: stages, place: place)
        // Each takes a few hundred bytes of memory, however few a hostile file spends on it.
        let tables = tokenGroups * rungs.reduce(0) { $0 + $1.sizes.count }
        let codebooks = tokenGroups * stages.reduce(0) { $0 + 1 + $1.adapted.count }
        guard max(tables, codebooks) <= Bundle.maximumTables else {
            throw BundleError(
                place,
                "\(tokenGroups) token groups have \(tables) tables and \(codebooks) codebooks;"
                    + " at most \(Bundle.maximumTables) of each are allowed")
        }
        hasStatistics = try fields.bool("statistics")
        provenance = try Self.provenance(fields.value("provenance"), place: place)
        try fields.finish()
    }

    private static func stages(_ values: [JSONValue], place: String) throws(BundleError) -> [Stage] {
        let allowed = 1...ResidualQuantizer.maximumStages
        guard allowed ~= values.count else {
            throw BundleError(place, "there are \(values.count) stages; allowed are \(allowed)")
        }
        let sizes = FrequencyTable.symbolCounts
        var stages: [Stage] = []
        for (index, value) in values.enumerated() {
            let place = "\(place): stages[\(index)]"
            var fields = try JSONFields(value, place: place)
            let stage = Stage(
                base: try fields.integer("base", in: sizes),
                adapted: try fields.integers("adapted", in: sizes))
            try fields.finish()
            guard zip(stage.adapted, stage.adapted.dropFirst()).allSatisfy(<),
                !stage.adapted.contains(stage.base)
            else {
                throw BundleError(place, "adapted sizes must ascend and differ from the base codebook's")
            }
            stages.append(stage)
        }
        return stages
    }

    private static func rungs(
        _ values: [JSONValue], format: Int, stages: [Stage], place: String
    ) throws(BundleError) -> [Rung] {
        let allowed = 1...Ladder.maximumRungs
        guard allowed ~= values.count else {
            throw BundleError(place, "there are \(values.count) rungs; allowed are \(allowed)")
        }
        var rungs: [Rung] = []
        for (index, value) in values.enumerated() {
            let place = "\(place): rungs[\(index)]"
            var fields = try JSONFields(value, place: place)
            let sizes = try fields.integers("sizes", in: FrequencyTable.symbolCounts)
            let lambda = format == 1 ? 0 : Float(try fields.amount("lambda"))
            let bits = try fields.amount("coded_bits_per_frame")
            let mse = try fields.amount("mse")
            try fields.finish()
            guard 1...stages.count ~= sizes.count else {
                throw BundleError(place, "\(sizes.count) stages are used; there are \(stages.count)")
            }
            for (index, (size, stage)) in zip(sizes, stages).enumerated()
            where size != stage.base && !stage.adapted.contains(size) {
                throw BundleError(
                    place, "stage \(index) is used at size \(size), which it has no codebook of")
            }
            guard Rung.lambdas ~= lambda else {
                throw BundleError(place, "lambda is \(lambda); allowed is \(Rung.lambdas)")
            }
            rungs.append(Rung(sizes: sizes, lambda: lambda, codedBitsPerFrame: bits, mse: mse))
        }
        guard Ladder.isValid(rungs) else {
            throw BundleError(place, "rungs must ascend by coded_bits_per_frame")
        }
        return rungs
    }

    private static func provenance(_ value: JSONValue, place: String) throws(BundleError) -> BundleProvenance
    {
        var fields = try JSONFields(value, place: "\(place): provenance")
        let provenance = BundleProvenance(
            frames: try fields.integer("frames", in: 0...Int.max),
            seed: try fields.integer("seed", in: 0...UInt64.max),
            adaptation: try fields.string("adaptation"),
            variance: fields.has("variance") ? try fields.amount("variance") : nil)
        try fields.finish()
        return provenance
    }
}
