import EntropyCoding
import Quantization

extension Bundle {
    /// The file's bytes of a bundle with these parts.
    static func serialize(
        codec: FrameCodec, statistics: [[StageStatistics]]?, provenance: BundleProvenance
    ) -> [UInt8] {
        typealias Entry = SafeTensors.Entry
        let normalization = codec.normalization
        var entries = [
            Entry("normalization.mean", shape: [normalization.mean.count], floats: normalization.mean),
            Entry("normalization.scale", shape: [1], floats: [normalization.scale]),
        ]
        let groups = codec.residual.groups
        func entry(_ name: String, _ codebooks: [Codebook]) -> Entry {
            let shape = [codebooks[0].size, codebooks[0].dimension]
            return Entry(
                name, shape: BundleTensors.shape(shape, groups: groups.count),
                floats: codebooks.flatMap(\.codewords))
        }
        for (index, stage) in codec.residual.stages.enumerated() {
            let name = "stage.\(index)"
            entries.append(entry("\(name).base", groups.map { $0[index].base }))
            for size in stage.adapted.keys {
                entries.append(
                    entry("\(name).k\(size)", groups.compactMap { $0[index].codebook(size: size) }))
            }
            for size in stage.maps.keys {
                entries.append(
                    Entry(
                        "\(name).map.k\(size)",
                        shape: BundleTensors.shape([stage.base.size], groups: groups.count),
                        integers: groups.flatMap { $0[index].maps[size] ?? [] }))
            }
            if let statistics {
                let statistics = statistics.map { $0[index] }
                entries.append(
                    Entry(
                        "\(name).count", shape: BundleTensors.shape([stage.base.size], groups: groups.count),
                        integers: statistics.flatMap(\.counts)))
                entries.append(
                    Entry(
                        "\(name).mean",
                        shape: BundleTensors.shape(
                            [stage.base.size, stage.base.dimension], groups: groups.count),
                        floats: statistics.flatMap(\.means)))
                entries.append(
                    Entry(
                        "\(name).spread",
                        shape: BundleTensors.shape(
                            [stage.base.size, statistics[0].axisCount, stage.base.dimension],
                            groups: groups.count),
                        floats: statistics.flatMap(\.spread)))
            }
        }
        for (rung, tables) in codec.tables.enumerated() {
            for (stage, size) in codec.ladder.rungs[rung].sizes.enumerated() {
                entries.append(
                    Entry(
                        "table.\(rung).\(stage)", shape: BundleTensors.shape([size], groups: groups.count),
                        integers: tables.flatMap { $0[stage].frequencies }))
            }
        }
        let document = BundleDocument(codec: codec, hasStatistics: statistics != nil, provenance: provenance)
        return SafeTensors.serialize(metadata: [BundleDocument.key: document.text], entries)
    }
}
