public import Bundles
import EntropyCoding
public import Quantization

/// Makes a bundle of a user's own codebooks.
///
/// The frames' units are kept: the mean is 0 and the scale a power of two, so that what the bundle decodes is exactly
/// the user's codewords (or, of several stages, their sums), but for values beside which they are too small to count.
public struct BundleImporter: Sendable {
    /// Hypotheses of the beam search, 1...32.
    public var beamWidth = 5

    /// Threads.
    public var workers = Workers.available

    /// The most values held in hypotheses; more frames than fit are thinned evenly.
    private static let maximumValues = 1 << 26

    /// Imports with the default options.
    public init() {}

    /// A bundle with a rung for each number of stages, coded by uniform tables; without statistics.
    ///
    /// What frames will do is not known. A rung's mse is an estimate: that each token lies at random in the balls between
    /// neighbouring codewords of the last stage, and that all codewords of the stages left out come equally often.
    ///
    /// - Parameters:
    ///   - codebooks: The codebook of each stage in the frames' units: 1...16 of one dimension and one size in
    ///     2...16,384; traps on others.
    ///   - tokens: Tokens of a frame.
    public func bundle(of codebooks: [Codebook], tokens: Int) throws(TrainingError) -> Bundle {
        Bundle(
            codec: try uniformCodec(codebooks, tokens: tokens), statistics: nil,
            provenance: BundleProvenance(frames: 0, seed: 0, adaptation: "none"))
    }

    /// An imported bundle with calibration statistics, adapted codebooks and measured rungs, as a trained one has them.
    ///
    /// Traps on a bundle whose tokens have codebooks of their own, which no import has.
    public func calibrated(
        _ bundle: Bundle, on frames: FrameSet, progress: (Double, String) -> Void = { _, _ in }
    ) throws(TrainingError) -> Bundle {
        let codec = bundle.codec
        guard frames.shape == codec.shape else {
            throw .otherShape(frames: "\(frames.shape)", bundle: "\(codec.shape)")
        }
        precondition(codec.residual.groups.count == 1, "an imported bundle's tokens share codebooks")
        let stages = codec.residual.stages
        let dimension = frames.shape.tokenDimension
        let beamWidth = codec.residual.beamWidth
        let sample = frames.evenlySpread(
            atMost: max(1, Self.maximumValues / (beamWidth * frames.shape.dimension)))
        var state = BeamState(try sample.normalized(by: codec.normalization), dimension: dimension)
        var statistics: [StageStatistics] = []
        for stage in stages {
            progress(0.3 * Double(statistics.count) / Double(stages.count), "calibrating stages")
            statistics.append(state.extend(by: stage.base, width: beamWidth, workers: workers))
        }
        let bundle = Bundle(codec: codec, statistics: [statistics], provenance: bundle.provenance)
        var adapter = BundleAdapter(method: .dkm)
        adapter.workers = workers
        return try adapter.adapt(bundle, frames: frames) { progress(0.3 + 0.7 * $0, $1) }
    }

    private func uniformCodec(_ codebooks: [Codebook], tokens: Int) throws(TrainingError) -> FrameCodec {
        let (normalization, normalized) = try Self.normalized(codebooks, tokens: tokens)
        let shape = FrameShape(tokens: tokens, tokenDimension: codebooks[0].dimension)
        let square = Double(normalization.scale) * Double(normalization.scale)
        var mse = normalized[normalized.count - 1].squaredRadius / Double(shape.tokenDimension + 2)
        var measured: [MeasuredRung] = []
        for last in normalized.indices.reversed() {
            let used = normalized[...last]
            measured.append(
                MeasuredRung(
                    sizes: used.map(\.size), counts: [used.map { Array(repeating: 1, count: $0.size) }],
                    frames: Double(used[0].size) / Double(tokens), mse: mse * square))
            mse += normalized[last].power
        }
        return LadderBuilder().assemble(
            measured.reversed(), shape: shape, groups: [normalized.map { ResidualStage(base: $0) }],
            normalization: normalization, beamWidth: beamWidth, rungs: .listed([]))
    }

    /// The codebooks in normalized units.
    private static func normalized(
        _ codebooks: [Codebook], tokens: Int
    ) throws(TrainingError) -> (Normalization, [Codebook]) {
        precondition(
            1...ResidualQuantizer.maximumStages ~= codebooks.count
                && codebooks.allSatisfy {
                    $0.dimension == codebooks[0].dimension && $0.size == codebooks[0].size
                },
            "1...16 stages of one dimension and one size")
        precondition(BundleTrainer.baseSizes ~= codebooks[0].size, "a base codebook has 2...16384 codewords")
        let power = codebooks[0].power.squareRoot()
        // The power of two at or below: to divide by it and to multiply by it again changes no digit.
        let scale: Float = power == 0 ? 1 : Float(sign: .plus, exponent: power.exponent, significand: 1)
        guard Normalization.scales ~= scale else { throw .spreadOutOfRange }
        var result: [Codebook] = []
        for codebook in codebooks {
            let codewords = codebook.codewords.map { $0 / scale }
            guard codewords.allSatisfy({ $0.magnitude <= Normalization.largestNormalizedValue }) else {
                throw .spreadOutOfRange
            }
            result.append(Codebook(codewords: codewords, size: codebook.size, dimension: codebook.dimension))
        }
        let mean: [Float] = Array(repeating: 0, count: tokens * codebooks[0].dimension)
        return (Normalization(mean: mean, scale: scale), result)
    }
}

extension Codebook {
    /// Mean square of the values.
    fileprivate var power: Double {
        codewords.reduce(0) { $0 + Double($1) * Double($1) } / Double(codewords.count)
    }

    /// Mean square of half the distance from a codeword to the nearest other one, over at most 64 of the codewords.
    fileprivate var squaredRadius: Double {
        let distances = squaredDistancesToNearest(of: KMeans.evenlySpread(min(size, 64), of: size))
        return distances.reduce(0, +) / Double(distances.count) / 4
    }
}
