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
            try train(rungs, stages, vectors, of: codec) { sizes, codebook in
                result[sizes, default: []].append(codebook)
                done += 1
                progress(done / Double(rungs.count * groups.count), "dedicated k-means")
            }
        }
        return result
    }

    /// Trains for each rung on the vectors of a token group.
    private func train(
        _ rungs: Set<[Int]>, _ stages: [ResidualStage], _ vectors: [Float], of codec: FrameCodec,
        trained: ([Int], Codebook) -> Void
    ) throws(TrainingError) {
        // Prefixes of rungs, each with its hypotheses.
        var pending: [(prefix: [Int], state: BeamState)] = [
            ([], BeamState(vectors, dimension: codec.shape.tokenDimension))
        ]
        while let (prefix, state) = pending.popLast() {
            let stage = prefix.count
            let left = state.bestResiduals
            let longer = rungs.filter { $0.count > stage && $0.starts(with: prefix) }
            for size in Set(longer.map { $0[stage] }).sorted() {
                let sizes = prefix + [size]
                if rungs.contains(sizes) {
                    let kMeans = KMeans(size: size, seed: seed &+ UInt64(stage), workers: workers)
                    trained(sizes, try kMeans.train(left, dimension: state.dimension).codebook)
                }
                guard longer.contains(where: { $0.count > sizes.count && $0.starts(with: sizes) }) else {
                    continue
                }
                guard let codebook = stages[stage].codebook(size: size) else {
                    preconditionFailure("stage \(stage) has no codebook of \(size)")
                }
                var next = state
                _ = next.extend(by: codebook, width: codec.residual.beamWidth, workers: workers)
                pending.append((sizes, next))
            }
        }
    }
}
