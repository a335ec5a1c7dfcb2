import Quantization

/// Frames that candidates for a ladder are measured on, and what they are encoded with.
struct Calibration: Sendable {
    /// Frames encoded as one task.
    private static let framesPerTask = 512

    var shape: FrameShape
    var groups: [[ResidualStage]]
    var beamWidth: Int
    /// Normalized values, frame by frame.
    var frames: [Float]
    /// What the stream's own units are normalized by.
    var scale: Double
    var workers: Workers

    /// Number of frames.
    var count: Int { frames.count / shape.dimension }

    /// Mean squared value of a normalized frame: the error of a code without codewords, in normalized units.
    var variance: Double { frames.reduce(0) { $0 + Double($1) * Double($1) } / Double(frames.count) }

    /// A part of the frames, evenly spread.
    func thinned(to tokens: Int) -> Calibration {
        var part = self
        part.frames = frames.evenlySpread(
            atMost: max(1, tokens / shape.tokens), dimension: shape.dimension)
        return part
    }

    /// Encodes the frames at rungs as they are described, and says what their rates and errors are.
    ///
    /// - Parameter keepingTables: Whether they keep their tables. With a weight of rate other tables lead to other codes, so
    ///   that rates and errors hold exactly for a rung that keeps its own; without, tables are made to fit the codes.
    func measure(_ rungs: [MeasuredRung], keepingTables: Bool = false) -> [MeasuredRung] {
        stride(from: 0, to: rungs.count, by: Ladder.maximumRungs).flatMap { first in
            measureSome(
                Array(rungs[first..<min(first + Ladder.maximumRungs, rungs.count)]),
                keepingTables: keepingTables)
        }
    }

    private func measureSome(_ rungs: [MeasuredRung], keepingTables: Bool) -> [MeasuredRung] {
        let quantizer = ResidualQuantizer(
            shape: shape, groups: groups,
            ladder: Ladder(
                rungs: rungs.map {
                    Rung(sizes: $0.sizes, lambda: $0.lambda, codedBitsPerFrame: 0, mse: 0)
                }),
            tables: rungs.map(\.tables), beamWidth: beamWidth)
        let dimension = shape.dimension
        let parts = (count + Self.framesPerTask - 1) / Self.framesPerTask
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
                sizes: rungs[rung].sizes, lambda: rungs[rung].lambda, counts: total.counts,
                frames: Double(count),
                mse: total.squaredError * scale * scale / Double(count * dimension),
                tables: keepingTables ? rungs[rung].tables : nil)
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
