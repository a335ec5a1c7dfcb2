import EntropyCoding
import Quantization

extension Bundle {
    /// Takes a file's bytes apart and verifies them.
    ///
    /// - Throws: ``BundleError`` with the tensor, metadata key or byte that is wrong.
    public init(parsing bytes: [UInt8]) throws(BundleError) {
        let file = try SafeTensors(parsing: bytes)
        guard let text = file.metadata[BundleDocument.key] else {
            throw BundleError(
                "__metadata__", "the key \"\(BundleDocument.key)\" is missing; this is no bundle")
        }
        let document = try BundleDocument(parsing: text)
        var tensors = BundleTensors(file)
        let shape = document.shape
        let mean = try tensors.floats("normalization.mean", shape: [shape.dimension])
        let scale = try tensors.floats("normalization.scale", shape: [1])[0]
        guard Normalization.scales ~= scale else {
            throw BundleError(
                "tensor normalization.scale", "it is \(scale); allowed is \(Normalization.scales)")
        }
        if let index = mean.firstIndex(where: { $0.magnitude > Normalization.largestMean }) {
            throw BundleError(
                "tensor normalization.mean",
                "element \(index) is \(mean[index]);"
                    + " a magnitude of at most \(Normalization.largestMean) is allowed")
        }

        let groups = document.tokenGroups
        var stages: [[ResidualStage]] = Array(repeating: [], count: groups)
        var statistics: [[StageStatistics]] = Array(repeating: [], count: groups)
        for (index, stage) in document.stages.enumerated() {
            let name = "stage.\(index)"
            let dimension = shape.tokenDimension
            let bases = try tensors.codebooks(
                "\(name).base", groups: groups, size: stage.base, dimension: dimension)
            var adapted: [[Int: Codebook]] = Array(repeating: [:], count: groups)
            var maps: [[Int: [UInt16]]] = Array(repeating: [:], count: groups)
            for size in stage.adapted {
                let codebooks = try tensors.codebooks(
                    "\(name).k\(size)", groups: groups, size: size, dimension: dimension)
                for group in 0..<groups { adapted[group][size] = codebooks[group] }
                guard size < stage.base, document.hasMapsAndSpreads else { continue }
                let sizeMaps = try tensors.maps(
                    "\(name).map.k\(size)", groups: groups, from: stage.base, to: size)
                for group in 0..<groups { maps[group][size] = sizeMaps[group] }
            }
            for group in 0..<groups {
                stages[group].append(
                    ResidualStage(
                        base: bases[group], adapted: adapted[group],
                        maps: document.hasMapsAndSpreads ? maps[group] : nil))
            }
            if document.hasStatistics {
                let stageStatistics = try tensors.statistics(
                    name, groups: groups, size: stage.base, dimension: dimension,
                    hasSpread: document.hasMapsAndSpreads)
                for group in 0..<groups { statistics[group].append(stageStatistics[group]) }
            }
        }
        var tables: [[[FrequencyTable]]] = []
        for (rung, use) in document.rungs.enumerated() {
            var rungTables: [[FrequencyTable]] = Array(repeating: [], count: groups)
            for (stage, size) in use.sizes.enumerated() {
                let stageTables = try tensors.tables("table.\(rung).\(stage)", groups: groups, size: size)
                for group in 0..<groups { rungTables[group].append(stageTables[group]) }
            }
            tables.append(rungTables)
        }
        try tensors.finish()

        let quantizer = ResidualQuantizer(
            shape: shape, groups: stages, ladder: Ladder(rungs: document.rungs), tables: tables,
            beamWidth: document.beamWidth)
        self.init(
            identity: BundleIdentity(hashing: bytes),
            codec: FrameCodec(
                normalization: Normalization(mean: mean, scale: scale), quantizer: quantizer),
            statistics: document.hasStatistics ? statistics : nil, provenance: document.provenance)
    }
}
