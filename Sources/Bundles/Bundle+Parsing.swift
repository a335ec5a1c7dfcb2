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

        var stages: [ResidualStage] = []
        var statistics: [StageStatistics] = []
        for (index, stage) in document.stages.enumerated() {
            let name = "stage.\(index)"
            let base = try tensors.codebook("\(name).base", size: stage.base, dimension: shape.tokenDimension)
            var adapted: [Int: Codebook] = [:]
            for size in stage.adapted {
                adapted[size] = try tensors.codebook(
                    "\(name).k\(size)", size: size, dimension: shape.tokenDimension)
            }
            stages.append(ResidualStage(base: base, adapted: adapted))
            if document.hasStatistics {
                statistics.append(
                    StageStatistics(
                        counts: try tensors.counts("\(name).count", shape: [stage.base]),
                        means: try tensors.floats(
                            "\(name).mean", shape: [stage.base, shape.tokenDimension])))
            }
        }
        var tables: [[FrequencyTable]] = []
        for (rung, use) in document.rungs.enumerated() {
            var rungTables: [FrequencyTable] = []
            for (stage, size) in use.sizes.enumerated() {
                rungTables.append(try tensors.table("table.\(rung).\(stage)", size: size))
            }
            tables.append(rungTables)
        }
        try tensors.finish()

        let quantizer = ResidualQuantizer(
            shape: shape, stages: stages, ladder: Ladder(rungs: document.rungs), beamWidth: document.beamWidth
        )
        self.init(
            identity: BundleIdentity(hashing: bytes),
            codec: FrameCodec(
                normalization: Normalization(mean: mean, scale: scale), quantizer: quantizer, tables: tables),
            statistics: document.hasStatistics ? statistics : nil, provenance: document.provenance)
    }
}
