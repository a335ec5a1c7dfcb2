import EntropyCoding
import Quantization

/// A candidate for a ladder with what calibration says about it.
struct MeasuredRung: Sendable {
    /// Codebook size of each used stage.
    var sizes: [Int]

    /// Weight of rate in the encoder's choice.
    var lambda: Float = 0

    /// Ideal coded bits of a frame.
    var bits: Double

    /// Mean squared error per dimension, in the stream's own units squared.
    var mse: Double

    /// The probability tables, `tables[token group][stage]`.
    var tables: [[FrequencyTable]]

    /// Makes tables from how often each code came in `frames` frames, `counts[token group][stage][code]`.
    init(sizes: [Int], counts: [[[UInt64]]], frames: Double, mse: Double) {
        self.sizes = sizes
        self.mse = mse
        tables = counts.map { $0.map { FrequencyTable(counts: $0) } }
        var bits = 0.0
        for (table, counts) in zip(tables.joined(), counts.joined()) {
            for (code, count) in counts.enumerated() where count > 0 {
                bits += Double(count) * table.idealBits(code)
            }
        }
        self.bits = bits / frames
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

extension LadderBuilder {
    /// Frames encoded as one task.
    private static let framesPerTask = 512

    /// Encodes frames at every rung of a quantizer.
    func measure(
        _ quantizer: ResidualQuantizer, frames: [Float], squaredScale: Double
    ) -> [MeasuredRung] {
        let dimension = quantizer.shape.dimension
        let count = frames.count / dimension
        let parts = (count + Self.framesPerTask - 1) / Self.framesPerTask
        let rungs = quantizer.ladder.rungs
        let tallies = workers.map(rungs.count * parts) { task in
            let first = task % parts * Self.framesPerTask
            let last = min(count, first + Self.framesPerTask)
            return Tally(
                quantizer, rung: task / parts,
                frames: frames.span.extracting(first * dimension..<last * dimension))
        }
        return rungs.indices.map { rung in
            var total = tallies[rung * parts]
            for part in 1..<parts { total.add(tallies[rung * parts + part]) }
            return MeasuredRung(
                sizes: rungs[rung].sizes, counts: total.counts, frames: Double(count),
                mse: total.squaredError * squaredScale / Double(count * dimension))
        }
    }
}

/// Codes and error of some frames at a rung.
private struct Tally: Sendable {
    var counts: [[[UInt64]]]
    var squaredError: Double

    init(_ quantizer: ResidualQuantizer, rung: Int, frames: Span<Float>) {
        let sizes = quantizer.alphabets(rung: rung)
        let frameCount = frames.count / quantizer.shape.dimension
        var codes: [UInt16] = Array(
            repeating: 0, count: frameCount * quantizer.symbolsPerFrame(rung: rung))
        var scratch = quantizer.makeScratch()
        var span = codes.mutableSpan
        squaredError = quantizer.encode(frames, rung: rung, into: &span, scratch: &scratch)
        counts = quantizer.groups.map { _ in sizes.map { Array(repeating: 0, count: $0) } }
        for (index, code) in codes.enumerated() {
            let group = quantizer.group(ofToken: index / sizes.count % quantizer.shape.tokens)
            counts[group][index % sizes.count][Int(code)] += 1
        }
    }

    mutating func add(_ other: Tally) {
        squaredError += other.squaredError
        for group in counts.indices {
            for stage in counts[group].indices {
                for code in counts[group][stage].indices {
                    counts[group][stage][code] += other.counts[group][stage][code]
                }
            }
        }
    }
}
