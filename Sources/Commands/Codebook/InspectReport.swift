import Bundles
import Quantization

/// What `inspect --json` prints of a bundle; the names are the keys.
struct InspectReport: Encodable {
    /// A stage's codebooks.
    struct Stage: Encodable {
        var base: Int
        var adapted: [Int]
    }

    /// A rung with what calibration said about it.
    struct RungReport: Encodable {
        var rung: Int
        var sizes: [Int]
        /// Weight of rate in the encoder's choice of codes.
        var lambda: Float
        var nominalBitsPerFrame: Double
        var codedBitsPerFrame: Double
        var mse: Double
        /// Null where there were no calibration frames, or frames without variance.
        var nmse: Double?
        /// Null as `nmse`, and where there is no distortion.
        var snrDb: Double?
    }

    /// What the bytes of the file are for.
    struct Size: Encodable {
        var totalBytes: Int
        var baseBytes: Int
        var adaptedBytes: Int
        var mapBytes: Int
        var tableBytes: Int
        var statisticsBytes: Int
    }

    var identity: String
    var tokens: Int
    var tokenDimension: Int
    /// 1 where the tokens share codebooks, else their number.
    var tokenGroups: Int
    var beam: Int
    var stages: [Stage]
    var rungs: [RungReport]
    var trainingFrames: Int
    var seed: UInt64
    var adaptation: String
    var hasStatistics: Bool
    var size: Size

    /// Describes a bundle whose file has this size.
    init(_ bundle: Bundle, _ size: BundleSize) {
        let codec = bundle.codec
        let variance = bundle.calibrationVariance
        identity = "\(bundle.identity)"
        tokens = codec.shape.tokens
        tokenDimension = codec.shape.tokenDimension
        tokenGroups = codec.residual.groups.count
        beam = codec.residual.beamWidth
        stages = codec.residual.stages.map { Stage(base: $0.base.size, adapted: $0.adapted.keys.sorted()) }
        rungs = codec.ladder.rungs.enumerated().map { index, rung in
            RungReport(
                rung: index, sizes: rung.sizes, lambda: rung.lambda,
                nominalBitsPerFrame: rung.nominalBits(tokens: codec.shape.tokens),
                codedBitsPerFrame: rung.codedBitsPerFrame, mse: rung.mse,
                nmse: variance.flatMap { Distortion.nmse(rung.mse, variance: $0) },
                snrDb: variance.flatMap { Distortion.snr(rung.mse, variance: $0) })
        }
        trainingFrames = bundle.provenance.frames
        seed = bundle.provenance.seed
        adaptation = bundle.provenance.adaptation
        hasStatistics = bundle.statistics != nil
        self.size = Size(
            totalBytes: size.total, baseBytes: size.base, adaptedBytes: size.adapted, mapBytes: size.maps,
            tableBytes: size.tables, statisticsBytes: size.statistics)
    }
}

extension InspectReport.RungReport {
    private enum CodingKeys: CodingKey {
        case rung, sizes, lambda, nominalBitsPerFrame, codedBitsPerFrame, mse, nmse, snrDb
    }

    /// Encodes all keys, those without a value as null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rung, forKey: .rung)
        try container.encode(sizes, forKey: .sizes)
        try container.encode(lambda, forKey: .lambda)
        try container.encode(nominalBitsPerFrame, forKey: .nominalBitsPerFrame)
        try container.encode(codedBitsPerFrame, forKey: .codedBitsPerFrame)
        try container.encode(mse, forKey: .mse)
        try container.encode(nmse, forKey: .nmse)
        try container.encode(snrDb, forKey: .snrDb)
    }
}
