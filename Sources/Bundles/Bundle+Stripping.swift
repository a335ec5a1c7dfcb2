import Quantization

extension Bundle {
    /// The gateway's copy: all that coding needs, without calibration statistics, adapted codebooks that no rung uses,
    /// and stages after the last one that some rung uses. It codes every frame to the same bytes.
    public func stripped() -> Bundle {
        let residual = codec.residual
        let rungs = codec.ladder.rungs
        let stageCount = rungs.map(\.sizes.count).max() ?? 0
        let groups = residual.groups.map { stages in
            stages[..<stageCount].enumerated().map { index, stage in
                let used = Set(rungs.compactMap { index < $0.sizes.count ? $0.sizes[index] : nil })
                return ResidualStage(
                    base: stage.base, adapted: stage.adapted.filter { used.contains($0.key) },
                    maps: stage.maps.filter { used.contains($0.key) })
            }
        }
        let quantizer = ResidualQuantizer(
            shape: codec.shape, groups: groups, ladder: codec.ladder, tables: codec.tables,
            beamWidth: residual.beamWidth)
        let stripped = FrameCodec(normalization: codec.normalization, quantizer: quantizer)
        return Bundle(codec: stripped, statistics: nil, provenance: provenance)
    }
}
