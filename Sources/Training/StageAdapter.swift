public import Quantization

/// Makes adapted codebooks of other sizes for each stage of a residual quantizer.
public struct StageAdapter: Sendable {
    /// How.
    public var method: AdaptationMethod

    /// The sizes for every stage; nil for the method's default sizes.
    public var sizes: [Int]?

    /// Seed of methods that draw.
    public var seed: UInt64 = 1

    /// Threads.
    public var workers = Workers.available

    /// Adapts by a method.
    public init(method: AdaptationMethod) {
        self.method = method
    }

    /// The sizes for a base size, ascending, with more that are wanted. Throws where the method does not make one.
    func sizes(base: Int, and more: [Int] = []) throws(TrainingError) -> [Int] {
        let wanted = (sizes ?? method.defaultSizes(base: base)) + more.filter { $0 != base }
        for size in wanted where !method.allows(size: size, base: base) {
            throw .sizeNotAllowed(
                size: size, base: base, method: method.rawValue, allowed: method.allowedSizes(base: base))
        }
        return Array(Set(wanted)).sorted()
    }

    /// Stages with adapted codebooks, from base codebooks and their calibration statistics alone;
    /// `bases[token group][stage]`.
    ///
    /// Sizes that the method can make only worse than a smaller base codebook are missing.
    /// - Parameter sizes: The sizes of each stage.
    public func adaptFromStatistics(
        _ bases: [[Codebook]], _ statistics: [[StageStatistics]], sizes: [[Int]]
    ) -> [[ResidualStage]] {
        precondition(!method.needsFrames, "the method makes do with statistics")
        let places = bases.indices.flatMap { group in
            bases[group].indices.map { (group: group, stage: $0) }
        }
        let adapters = workers.map(places.count) { place in
            let (group, stage) = places[place]
            return CodebookAdapter(
                bases[group][stage], statistics[group][stage],
                seed: seed &+ UInt64(group * bases[group].count + stage),
                makesSmaller: sizes[stage].contains { $0 < bases[group][stage].size })
        }
        // The largest first, so that none is left over at the end.
        let tasks = places.indices
            .flatMap { place in sizes[places[place].stage].map { (place: place, size: $0) } }
            .sorted { ($1.size, $0.place) < ($0.size, $1.place) }
        let adapted = workers.map(tasks.count) { task in
            adapters[tasks[task].place].adapt(method, size: tasks[task].size)
        }
        var made: [[[Int: CodebookAdapter.Result]]] = bases.map { Array(repeating: [:], count: $0.count) }
        for (task, result) in zip(tasks, adapted) {
            let (group, stage) = places[task.place]
            made[group][stage][task.size] = result
        }
        return bases.indices.map { group in
            bases[group].indices.map { stage in
                // Token groups have the same sizes: what one cannot make, none has.
                let results = made[group][stage].filter { size, _ in
                    made.allSatisfy { $0[stage][size] != nil }
                }
                let base = bases[group][stage]
                let hasMaps = results.values.contains { $0.map != nil }
                return ResidualStage(
                    base: base, adapted: results.mapValues(\.codebook),
                    maps: hasMaps ? results.compactMapValues(\.map) : nil)
            }
        }
    }
}
