public import Quantization

/// Trains codebooks for single rungs, by k-means on frames: what an adapted codebook is measured against.
public struct DedicatedTrainer: Sendable {
    /// Seed of the k-means.
    public var seed: UInt64 = 1

    /// Threads.
    public var workers = Workers.available

    /// Trains with the default options.
    public init() {}

    /// For each rung the codebook that k-means gives its last stage on what the rung's own stages before it leave of
    /// frames, one for each token group.
    ///
    /// - Parameters:
    ///   - rungs: The sizes of each rung's stages; traps where the codec has no codebook of one.
    ///   - codec: Whose stages, normalization and beam to use.
    /// - Complexity: O(training each codebook), and a beam step over all frames for each different prefix of a rung
    public func codebooks(
        for rungs: Set<[Int]>, of codec: FrameCodec, on frames: FrameSet,
        progress: (Double, String) -> Void = { _, _ in }
    ) throws(TrainingError) -> [[Int]: [Codebook]] {
        guard frames.shape == codec.shape else {
            throw .otherShape(frames: "\(frames.shape)", bundle: "\(codec.shape)")
        }
        let groups = codec.residual.groups
        let vectors = frames.shape.vectors(
            of: try frames.normalized(by: codec.normalization), groups: groups.count)
        var result: [[Int]: [Codebook]] = [:]
        var done = 0.0
        for (stages, vectors) in zip(groups, vectors) {
            try train(
                rungs, stages, vectors, dimension: codec.shape.tokenDimension,
                beamWidth: codec.residual.beamWidth
            ) { sizes, codebook in
                result[sizes, default: []].append(codebook)
                done += 1
                progress(done / Double(rungs.count * groups.count), "dedicated k-means")
            }
        }
        return result
    }

    /// Stages with base codebooks, and for each the codebooks of its sizes that k-means gives on what the base stages
    /// before it leave of a token group's vectors.
    func stages(
        _ bases: [Codebook], sizes: [[Int]], vectors: [Float], beamWidth: Int,
        progress: (Double) -> Void = { _ in }
    ) throws(TrainingError) -> [ResidualStage] {
        guard let dimension = bases.first?.dimension else { return [] }
        let stages = bases.map { ResidualStage(base: $0) }
        let rungs = sizes.enumerated().flatMap { stage, sizes in
            sizes.map { bases[..<stage].map(\.size) + [$0] }
        }
        var adapted: [[Int: Codebook]] = Array(repeating: [:], count: bases.count)
        var done = 0.0
        try train(Set(rungs), stages, vectors, dimension: dimension, beamWidth: beamWidth) {
            sizes, codebook in
            adapted[sizes.count - 1][codebook.size] = codebook
            done += 1
            progress(done / Double(rungs.count))
        }
        return zip(bases, adapted).map { ResidualStage(base: $0, adapted: $1) }
    }

    /// Trains for each rung on the vectors of a token group.
    private func train(
        _ rungs: Set<[Int]>, _ stages: [ResidualStage], _ vectors: [Float], dimension: Int, beamWidth: Int,
        trained: ([Int], Codebook) -> Void
    ) throws(TrainingError) {
        // Prefixes of rungs, each with its hypotheses.
        var pending: [(prefix: [Int], state: BeamState)] = [
            ([], BeamState(vectors, dimension: dimension))
        ]
        while let (prefix, state) = pending.popLast() {
            let stage = prefix.count
            let left = state.bestResiduals
            let longer = rungs.filter { $0.count > stage && $0.starts(with: prefix) }
            for size in Set(longer.map { $0[stage] }).sorted() {
                let sizes = prefix + [size]
                if rungs.contains(sizes) {
                    let kMeans = KMeans(size: size, seed: seed &+ UInt64(stage), workers: workers)
                    trained(sizes, try kMeans.train(left, dimension: dimension).codebook)
                }
                guard longer.contains(where: { $0.count > sizes.count && $0.starts(with: sizes) }) else {
                    continue
                }
                guard let codebook = stages[stage].codebook(size: size) else {
                    preconditionFailure("stage \(stage) has no codebook of \(size)")
                }
                var next = state
                next.advance(by: codebook, width: beamWidth, workers: workers)
                pending.append((sizes, next))
            }
        }
    }
}
