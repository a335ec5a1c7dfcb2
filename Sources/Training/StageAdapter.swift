import Quantization

/// Makes adapted codebooks of smaller sizes for each stage of a residual quantizer.
public struct StageAdapter: Sendable {
    /// How.
    public var method: AdaptationMethod

    /// The sizes for every stage; nil for every power of two from 2 to below the base size.
    public var sizes: [Int]?

    /// Seed of dedicated k-means.
    public var seed: UInt64 = 1

    /// Threads.
    public var workers = Workers.available

    /// Adapts by a method.
    public init(method: AdaptationMethod) {
        self.method = method
    }

    /// Every power of two from 2 to below a base size.
    public static func defaultSizes(base: Int) -> [Int] {
        (1..<17).map { 1 << $0 }.filter { $0 < base }
    }

    /// The sizes for a base size, ascending, with more that are wanted. Throws where one is not below the base size.
    func sizes(base: Int, and more: [Int] = []) throws(TrainingError) -> [Int] {
        let wanted = (sizes ?? Self.defaultSizes(base: base)) + more.filter { $0 != base }
        for size in wanted where !(2..<max(2, base) ~= size) {
            throw .sizeNotAllowed(size: size, base: base)
        }
        return Array(Set(wanted)).sorted()
    }

    /// Adapted codebooks from base codebooks and their calibration use alone, by DKM; `bases[token group][stage]`.
    ///
    /// - Parameter sizes: The sizes of each stage.
    func adaptFromStatistics(
        _ bases: [[Codebook]], _ statistics: [[StageStatistics]], sizes: [[Int]]
    ) -> [[ResidualStage]] {
        zip(bases, statistics).map { adaptFromStatistics($0, $1, sizes: sizes) }
    }

    private func adaptFromStatistics(
        _ bases: [Codebook], _ statistics: [StageStatistics], sizes: [[Int]]
    ) -> [ResidualStage] {
        let tasks = bases.indices.flatMap { stage in sizes[stage].map { (stage: stage, size: $0) } }
        let weights = statistics.map { $0.counts.map(Double.init) }
        let trees = workers.map(bases.count) { WardTree(bases[$0], weights: weights[$0]) }
        let adapted = workers.map(tasks.count) { task in
            let stage = tasks[task].stage
            return DKM().adapt(trees[stage], weights: weights[stage], size: tasks[task].size)
        }
        return bases.enumerated().map { stage, base in
            var bySize: [Int: Codebook] = [:]
            for (task, codebook) in zip(tasks, adapted) where task.stage == stage {
                bySize[task.size] = codebook
            }
            return ResidualStage(base: base, adapted: bySize)
        }
    }

    /// Adapted codebooks by k-means on what the best hypotheses over the base stages before leave of vectors.
    ///
    /// - Parameters:
    ///   - vectors: Normalized tokens, one after the other.
    ///   - sizes: The sizes of each stage; here the base size is allowed.
    /// - Returns: For each stage its codebooks by size.
    func trainDedicated(
        _ bases: [Codebook], vectors: [Float], beamWidth: Int, sizes: [[Int]],
        progress: (Int) -> Void = { _ in }
    ) throws(TrainingError) -> [[Int: Codebook]] {
        var result: [[Int: Codebook]] = []
        guard let dimension = bases.first?.dimension else { return result }
        var state = BeamState(vectors, dimension: dimension)
        for (stage, base) in bases.enumerated() {
            let left = state.bestResiduals
            var bySize: [Int: Codebook] = [:]
            for size in sizes[stage] {
                let kMeans = KMeans(size: size, seed: seed &+ UInt64(stage), workers: workers)
                bySize[size] = try kMeans.train(left, dimension: dimension).codebook
            }
            result.append(bySize)
            if stage + 1 < bases.count { _ = state.extend(by: base, width: beamWidth, workers: workers) }
            progress(stage + 1)
        }
        return result
    }
}
