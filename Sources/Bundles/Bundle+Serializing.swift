import EntropyCoding
import Quantization

extension Bundle {
    /// The file's bytes of a bundle with these parts.
    static func serialize(
        codec: FrameCodec, statistics: [StageStatistics]?, provenance: BundleProvenance
    ) -> [UInt8] {
        typealias Entry = SafeTensors.Entry
        let normalization = codec.normalization
        var entries = [
            Entry("normalization.mean", shape: [normalization.mean.count], floats: normalization.mean),
            Entry("normalization.scale", shape: [1], floats: [normalization.scale]),
        ]
        for (index, stage) in codec.residual.stages.enumerated() {
            let name = "stage.\(index)"
            entries.append(entry("\(name).base", stage.base))
            entries += stage.adapted.values.map { entry("\(name).k\($0.size)", $0) }
            if let statistics {
                let counts = statistics[index].counts
                entries.append(Entry("\(name).count", shape: [counts.count], integers: counts))
                entries.append(
                    Entry(
                        "\(name).mean", shape: [stage.base.size, stage.base.dimension],
                        floats: statistics[index].means))
            }
        }
        for (rung, tables) in codec.tables.enumerated() {
            for (stage, table) in tables.enumerated() {
                entries.append(
                    Entry("table.\(rung).\(stage)", shape: [table.symbolCount], integers: table.frequencies))
            }
        }
        let document = BundleDocument(codec: codec, hasStatistics: statistics != nil, provenance: provenance)
        return SafeTensors.serialize(metadata: [BundleDocument.key: document.text], entries)
    }

    private static func entry(_ name: String, _ codebook: Codebook) -> SafeTensors.Entry {
        SafeTensors.Entry(name, shape: [codebook.size, codebook.dimension], floats: codebook.codewords)
    }
}
