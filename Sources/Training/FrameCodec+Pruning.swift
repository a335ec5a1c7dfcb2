import Quantization

extension FrameCodec {
    /// The codec without the adapted codebooks that no rung uses.
    func withoutUnusedCodebooks() -> FrameCodec {
        let used = residual.stages.indices.map { stage in
            Set(ladder.rungs.compactMap { stage < $0.sizes.count ? $0.sizes[stage] : nil })
        }
        let groups = residual.groups.map { stages in
            zip(stages, used).map { stage, used in
                ResidualStage(base: stage.base, adapted: stage.adapted.filter { used.contains($0.key) })
            }
        }
        return FrameCodec(
            normalization: normalization,
            quantizer: ResidualQuantizer(
                shape: shape, groups: groups, ladder: ladder, tables: tables, beamWidth: residual.beamWidth))
    }
}
