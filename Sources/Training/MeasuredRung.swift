import EntropyCoding
import Quantization

/// A candidate for a ladder with what calibration says about it.
struct MeasuredRung: Sendable {
    /// Codebook size of each used stage.
    var sizes: [Int]

    /// Weight of rate in the encoder's choice.
    var lambda: Float

    /// Ideal coded bits of a frame.
    var bits: Double

    /// Mean squared error per dimension, in the stream's own units squared.
    var mse: Double

    /// The probability tables, `tables[token group][stage]`.
    var tables: [[FrequencyTable]]

    /// A rung whose codes came so often in `frames` frames, `counts[token group][stage][code]`; with tables that are made
    /// from that, or with these.
    init(
        sizes: [Int], lambda: Float = 0, counts: [[[UInt64]]], frames: Double, mse: Double,
        tables: [[FrequencyTable]]? = nil
    ) {
        self.sizes = sizes
        self.lambda = lambda
        self.mse = mse
        let tables = tables ?? counts.map { $0.map { FrequencyTable(counts: $0) } }
        self.tables = tables
        var bits = 0.0
        for (table, counts) in zip(tables.joined(), counts.joined()) {
            for (code, count) in counts.enumerated() where count > 0 {
                bits += Double(count) * table.idealBits(code)
            }
        }
        self.bits = bits / frames
    }

    /// A candidate without a weight of rate, whose codes are taken as equally frequent until it is measured.
    init(sizes: [Int], groups: Int) {
        self.sizes = sizes
        lambda = 0
        bits = 0
        mse = 0
        let tables = sizes.map { FrequencyTable(counts: Array(repeating: 1, count: $0)) }
        self.tables = Array(repeating: tables, count: groups)
    }

    /// A rung that was measured before.
    init(_ rung: Rung, tables: [[FrequencyTable]]) {
        sizes = rung.sizes
        lambda = rung.lambda
        bits = rung.codedBitsPerFrame
        mse = rung.mse
        self.tables = tables
    }
}
