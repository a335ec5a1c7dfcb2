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
        let candidates = try candidates(groups, rungs)
        if let frame = normalization.firstFrameOutOfRange(frames.values.span) {
            throw .outOfRange(frame: frame)
        }
        let sample = frames.evenlySpread(atMost: max(1, calibrationTokens / frames.shape.tokens))
        let calibration = Calibration(
            shape: frames.shape, groups: groups, beamWidth: beamWidth,
            frames: try sample.normalized(by: normalization), scale: Double(normalization.scale),
            workers: workers)
        var measured = calibration.measure(candidates)
        progress(0.2)
        if case .automatic = rungs {
            let weighted = weighted(measured, calibration)
            measured += settled(weighted, calibration) { progress(0.2 + 0.8 * $0) }
        }
        return assemble(
            measured, shape: frames.shape, groups: groups, normalization: normalization,
            beamWidth: beamWidth, rungs: rungs)
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
}
