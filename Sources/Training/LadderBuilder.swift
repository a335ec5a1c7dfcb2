import EntropyCoding
public import Quantization

/// Chooses a ladder's rungs and their probability tables from calibration frames.
public struct LadderBuilder: Sendable {
    /// The most calibration tokens that each candidate is measured on.
    public var calibrationTokens = 16_384

    /// On an automatic ladder a rung's mse is at least this share below that of the rung before.
    public var leastImprovement = 0.04

    /// Threads.
    public var workers = Workers.available

    /// Uses the default options.
    public init() {}

    /// Builds a codec: measures candidate rungs by encoding frames, and keeps the listed ones, or those on the lower
    /// convex hull of (coded bits, mse).
    ///
    /// - Complexity: O(candidates × encoding the calibration frames)
    public func build(
        groups: [[ResidualStage]], normalization: Normalization, beamWidth: Int, frames: FrameSet,
        rungs: RungList = .automatic, progress: (Double) -> Void = { _ in }
    ) throws(TrainingError) -> FrameCodec {
        let sizes = try candidates(groups[0], rungs)
        if let frame = normalization.firstFrameOutOfRange(frames.values.span) {
            throw .outOfRange(frame: frame)
        }
        let sample = frames.evenlySpread(atMost: max(1, calibrationTokens / frames.shape.tokens))
        let normalized = try sample.normalized(by: normalization)
        let square = Double(normalization.scale) * Double(normalization.scale)
        var measured: [MeasuredRung] = []
        for first in stride(from: 0, to: sizes.count, by: Ladder.maximumRungs) {
            let batch = Array(sizes[first..<min(first + Ladder.maximumRungs, sizes.count)])
            let quantizer = Self.quantizer(frames.shape, groups, batch, beamWidth: beamWidth)
            measured += measure(quantizer, frames: normalized, squaredScale: square)
            progress(Double(min(first + Ladder.maximumRungs, sizes.count)) / Double(sizes.count))
        }
        return assemble(
            measured, shape: frames.shape, groups: groups, normalization: normalization,
            beamWidth: beamWidth, rungs: rungs)
    }

    /// The sizes of all rungs worth measuring: every number of stages, the last one at any size.
    func candidates(_ stages: [ResidualStage], _ rungs: RungList) throws(TrainingError) -> [[Int]] {
        let base = stages[0].base.size
        try rungs.validate(stages: stages.count, base: base)
        if case .listed(let sizes) = rungs {
            for sizes in sizes {
                let rung = Rung(sizes: sizes, codedBitsPerFrame: 0, mse: 0)
                guard ResidualQuantizer.canUse(rung, stages: stages) else {
                    throw .rungNotAllowed(rung: RungList.text(sizes), stages: stages.count, base: base)
                }
            }
            return Array(Set(sizes)).sorted { $0.lexicographicallyPrecedes($1) }
        }
        return stages.indices.flatMap { last in
            let prefix = stages[..<last].map(\.base.size)
            return (stages[last].adapted.keys.sorted() + [stages[last].base.size]).map { prefix + [$0] }
        }
    }

    /// Puts the chosen rungs of measured ones together.
    func assemble(
        _ measured: [MeasuredRung], shape: FrameShape, groups: [[ResidualStage]],
        normalization: Normalization, beamWidth: Int, rungs: RungList
    ) -> FrameCodec {
        let chosen: [MeasuredRung] =
            switch rungs {
            case .automatic: Self.thin(Self.hull(measured), leastImprovement: leastImprovement)
            case .listed: measured.sorted { ($0.bits, $1.mse) < ($1.bits, $0.mse) }
            }
        let ladder = Ladder(
            rungs: chosen.map {
                Rung(sizes: $0.sizes, lambda: $0.lambda, codedBitsPerFrame: $0.bits, mse: $0.mse)
            })
        return FrameCodec(
            normalization: normalization,
            quantizer: ResidualQuantizer(
                shape: shape, groups: groups, ladder: ladder, tables: chosen.map(\.tables),
                beamWidth: beamWidth))
    }

    private static func quantizer(
        _ shape: FrameShape, _ groups: [[ResidualStage]], _ sizes: [[Int]], beamWidth: Int
    ) -> ResidualQuantizer {
        let rungs = sizes.map { Rung(sizes: $0, codedBitsPerFrame: 0, mse: 0) }
        // Without a weight of rate the tables do not matter.
        let tables = sizes.map { sizes in
            groups.map { _ in sizes.map { FrequencyTable(counts: Array(repeating: 1, count: $0)) } }
        }
        return ResidualQuantizer(
            shape: shape, groups: groups, ladder: Ladder(rungs: rungs), tables: tables, beamWidth: beamWidth)
    }
}
