import EntropyCoding
import Quantization

/// A candidate for a ladder with what calibration says about it.
struct MeasuredRung: Sendable {
    /// Codebook size of each used stage.
    var sizes: [Int]

    /// Ideal coded bits of a frame.
    var bits: Double

    /// Mean squared error per dimension, in the stream's own units squared.
    var mse: Double

    /// The probability table of each used stage.
    var tables: [FrequencyTable]

    /// Makes tables from how often each code of each stage came in `frames` frames.
    init(sizes: [Int], counts: [[UInt64]], frames: Double, mse: Double) {
        self.sizes = sizes
        self.mse = mse
        tables = counts.map { FrequencyTable(counts: $0) }
        var bits = 0.0
        for (table, counts) in zip(tables, counts) {
            for (code, count) in counts.enumerated() where count > 0 {
                bits += Double(count) * table.idealBits(code)
            }
        }
        self.bits = bits / frames
    }

    /// A rung that was measured before.
    init(_ rung: Rung, tables: [FrequencyTable]) {
        sizes = rung.sizes
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
    var counts: [[UInt64]]
    var squaredError: Double

    init(_ quantizer: ResidualQuantizer, rung: Int, frames: Span<Float>) {
        let sizes = quantizer.alphabets(rung: rung)
        let frameCount = frames.count / quantizer.shape.dimension
        var codes: [UInt16] = Array(
            repeating: 0, count: frameCount * quantizer.symbolsPerFrame(rung: rung))
        var scratch = quantizer.makeScratch()
        var span = codes.mutableSpan
        squaredError = quantizer.encode(frames, rung: rung, into: &span, scratch: &scratch)
        counts = sizes.map { Array(repeating: 0, count: $0) }
        for (index, code) in codes.enumerated() { counts[index % sizes.count][Int(code)] += 1 }
    }

    mutating func add(_ other: Tally) {
        squaredError += other.squaredError
        for stage in counts.indices {
            for code in counts[stage].indices { counts[stage][code] += other.counts[stage][code] }
        }
    }
}
