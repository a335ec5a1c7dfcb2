internal import CVectorKernels

/// Which tables of products a quantizer's rungs need, each once, and where they lie in memory.
struct ProductPlan {
    /// A codebook of a quantizer: each stage of each token group has one of a size.
    struct Member: Hashable {
        let group: Int
        let stage: Int
        let size: Int

        /// The codebook of a stage of a rung.
        init(_ stages: [PackedCodebook], group: Int, stage: Int) {
            self.group = group
            self.stage = stage
            size = stages[stage].size
        }
    }

    /// A table's codebooks.
    struct Key: Hashable {
        let earlier: Member
        let later: Member

        /// The table of two stages of a rung.
        init(_ stages: [PackedCodebook], group: Int, earlier: Int, later: Int) {
            self.earlier = Member(stages, group: group, stage: earlier)
            self.later = Member(stages, group: group, stage: later)
        }
    }

    /// A table to make.
    struct Pair {
        let key: Key
        let rows: PackedCodebook
        let columns: PackedCodebook
    }

    /// The tables, in the order in which rungs asked for them.
    private(set) var pairs: [Pair] = []

    /// Where a table begins.
    private(set) var offsets: [Key: Int] = [:]

    /// Products in all tables.
    private(set) var values = 0

    /// Adds the tables that a rung's token groups need and no rung before it; returns false, and adds none, where there
    /// would be more than `maximumValues` products, or where the rung needs none.
    mutating func include(_ groups: [[PackedCodebook]], maximumValues: Int) -> Bool {
        guard groups[0].count > 1 else { return false }
        var larger = self
        for (group, stages) in groups.enumerated() {
            for later in stages.indices {
                for earlier in 0..<later {
                    let key = Key(stages, group: group, earlier: earlier, later: later)
                    guard larger.offsets[key] == nil else { continue }
                    larger.offsets[key] = larger.values
                    larger.pairs.append(Pair(key: key, rows: stages[earlier], columns: stages[later]))
                    larger.values += stages[earlier].size * stages[later].paddedSize
                    guard larger.values <= maximumValues else { return false }
                }
            }
        }
        self = larger
        return true
    }

    /// The largest unit, as a share of the mean half norm of the codebook whose products it counts. One codeword far out
    /// makes all units of the later stages large; at this share rounding still costs less than 0.01 dB.
    private static let largestUnit = 1.0 / 64

    /// The unit of each later codebook's products. None for one whose products are all zero, or not finite, or so
    /// different that rounding to a common unit would spoil the small ones.
    func units() -> [Member: Float] {
        var largest: [Member: [Double]] = [:]
        var columns: [Member: PackedCodebook] = [:]
        for pair in pairs {
            let (earlier, later) = (pair.key.earlier, pair.key.later)
            columns[later] = pair.columns
            var products = largest[later] ?? Array(repeating: 0, count: later.stage)
            products[earlier.stage] = max(products[earlier.stage], Double(pair.largestProduct))
            largest[later] = products
        }
        var units: [Member: Float] = [:]
        for (member, products) in largest {
            // Each of so many products may be rounded up by half a unit.
            let unit = Float(products.reduce(0, +) / Double(Int(Int16.max) - products.count))
            let halfNorms = columns[member].map { $0.halfNorms[..<$0.size] } ?? []
            let mean = halfNorms.reduce(0) { $0 + Double($1) } / Double(max(1, halfNorms.count))
            if unit.isNormal, Double(unit) <= Self.largestUnit * mean { units[member] = unit }
        }
        return units
    }
}

extension ProductPlan.Pair {
    /// Codewords whose products are computed at once.
    private static let rowsAtOnce = 24

    /// The largest magnitude of all products; infinite where one is not finite.
    var largestProduct: Float {
        var largest: Float = 0
        forEachRow { products in
            for product in products {
                largest = max(largest, product.isFinite ? product.magnitude : .infinity)
            }
        }
        return largest
    }

    /// Calls `body` with the products of each row's codeword in turn, some rows at once, those of the padding 0.
    func forEachRow(_ body: ([Float]) -> Void) {
        let biases: [Float] = Array(repeating: 0, count: columns.paddedSize)
        let dimension = rows.dimension
        var first = 0
        while first < rows.size {
            let count = min(Self.rowsAtOnce, rows.size - first)
            let codewords = Array(
                rows.codebook.codewords[first * dimension..<(first + count) * dimension])
            var scores: [Float] = Array(repeating: 0, count: count * columns.paddedSize)
            unsafe weir_scores(
                columns.packed, biases, columns.size, dimension, codewords, count, &scores)
            // A score without a bias is the product's negative.
            body(scores.map { -$0 })
            first += count
        }
    }
}
