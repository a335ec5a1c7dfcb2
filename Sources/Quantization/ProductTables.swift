internal import CVectorKernels

/// Products of each stage's codewords with those of the stages before, for beam searches that know a hypothesis by its
/// codes alone: beside what a and b each score for x, ½‖x − a − b‖² holds only their product a·b.
///
/// A product is stored as a 16-bit multiple of its later stage's unit. The unit is as small as it can be while no sum
/// over the earlier stages leaves 16 bits, so that sums are exact. On real frames the rounding costs nothing that can be
/// measured, and half the bytes are half the time: the tables are read from outside the nearest caches.
final class ProductTables: Sendable {
    /// The most bytes of all tables of a quantizer. Rungs whose tables no longer fit, cheapest first, go without.
    static let maximumBytes = 16 << 20

    /// The least dimension at which looking products up is faster than the multiplications that it saves.
    static let leastDimension = 24

    /// What the search of one stage looks up at one rung.
    struct Stage {
        /// What a stored product of 1 stands for.
        let unit: Float
        /// For each earlier stage where its table begins: a row for each of its codewords, of as many products as
        /// this stage's padded size.
        let tables: [Int]
    }

    /// The products of all tables.
    let values: [Int16]

    /// The stages of each rung's token groups, or nil where it is searched without products.
    let rungs: [[[Stage]]?]

    /// Makes the tables for a quantizer's codebooks: those of each stage of each token group of each rung.
    ///
    /// Which rungs get tables, and what is in them, depends on nothing else, since the codes depend on it.
    /// - Complexity: O(pairs of stages × size² × dimension)
    init(_ codebooks: [[[PackedCodebook]]], beamWidth: Int) {
        var plan = ProductPlan()
        let planned = codebooks.map { groups in
            beamWidth > 1 && groups[0][0].dimension >= Self.leastDimension
                && plan.include(groups, maximumValues: Self.maximumBytes / MemoryLayout<Int16>.stride)
        }
        let units = plan.units()
        var values: [Int16] = Array(repeating: 0, count: plan.values + Self.lineValues)
        let start = unsafe values.withUnsafeBufferPointer { unsafe Self.lineStart($0) }
        for pair in plan.pairs {
            guard let unit = units[pair.key.later], let offset = plan.offsets[pair.key] else { continue }
            var next = start + offset
            pair.forEachRow { row in
                for product in row {
                    values[next] = Int16((product / unit).rounded())
                    next += 1
                }
            }
        }
        self.values = values
        rungs = zip(codebooks, planned).map { groups, isPlanned in
            guard isPlanned else { return nil }
            let found = groups.enumerated().compactMap { group, stages in
                Self.stages(stages, group: group, plan: plan, units: units, start: start)
            }
            return found.count == groups.count ? found : nil
        }
    }

    /// The stages of a rung's token group, or nil where one of them has no unit.
    private static func stages(
        _ stages: [PackedCodebook], group: Int, plan: ProductPlan, units: [ProductPlan.Member: Float],
        start: Int
    ) -> [Stage]? {
        var result = [Stage(unit: 0, tables: [])]
        for later in 1..<stages.count {
            guard let unit = units[ProductPlan.Member(stages, group: group, stage: later)] else {
                return nil
            }
            let tables = (0..<later).compactMap { earlier in
                plan.offsets[ProductPlan.Key(stages, group: group, earlier: earlier, later: later)].map {
                    start + $0
                }
            }
            result.append(Stage(unit: unit, tables: tables))
        }
        return result
    }

    /// Products in a line of the cache.
    private static let lineValues = 64 / MemoryLayout<Int16>.stride

    /// Where the first whole line of the cache begins, so that no row takes part of a line more than it must. Of no
    /// weight for the result; an array stays where it is as long as it is not changed.
    private static func lineStart(_ values: UnsafeBufferPointer<Int16>) -> Int {
        let address = Int(bitPattern: values.baseAddress)
        return (64 - address % 64) % 64 / MemoryLayout<Int16>.stride
    }
}
