import Quantization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension LadderBuilder {
    /// Builds a codec without frames.
    ///
    /// Points around the means of the base codewords' frames stand for the frames, so that the mse of a rung whose last
    /// stage is adapted follows from that of the rung with the base codebook: it grows by what moving each point
    /// to another codeword costs. Codes of the stages before keep their calibration counts.
    func estimate(
        groups: [[ResidualStage]], statistics: [[StageStatistics]], from codec: FrameCodec
    ) -> FrameCodec {
        let square = Double(codec.normalization.scale) * Double(codec.normalization.scale)
        let stages = groups[0]
        // What was measured before holds still, as far as it uses base codebooks alone.
        let bases = stages.map(\.base.size)
        var measured = codec.ladder.rungs.indices.compactMap { rung -> MeasuredRung? in
            let known = MeasuredRung(codec.ladder.rungs[rung], tables: codec.tables[rung])
            return known.sizes == Array(bases.prefix(known.sizes.count)) ? known : nil
        }
        for last in stages.indices {
            let prefix = stages[..<last].map(\.base.size)
            let counts = statistics.map { $0[...last].map(\.counts) }
            let total = max(1, counts.reduce(0.0) { $0 + Double($1[last].reduce(0, +)) })
            let frames = total / Double(codec.shape.tokens)
            let baseSizes = prefix + [stages[last].base.size]
            var plain = MeasuredRung(sizes: baseSizes, counts: counts, frames: frames, mse: 0)
            if let known = measured.first(where: { $0.sizes == baseSizes && $0.lambda == 0 }) {
                plain = known
            } else {
                plain.mse = Self.interpolatedError(bits: plain.bits, codec)
                measured.append(plain)
            }
            let points = statistics.map { CodebookAdapter.points($0[last]) }
            for size in stages[last].adapted.keys.sorted() {
                var moved = counts
                var cost = 0.0
                for (group, stages) in groups.enumerated() {
                    guard let codebook = stages[last].adapted[size] else { continue }
                    let move = Self.move(points[group], from: stages[last].base, to: codebook)
                    moved[group][last] = move.counts
                    cost += move.cost
                }
                // Points that are nearer to a smaller codebook would make it better than what it stands for.
                let bounded = size < stages[last].base.size ? max(0, cost) : min(0, cost)
                let growth = bounded * square / (total * Double(codec.shape.tokenDimension))
                measured.append(
                    MeasuredRung(
                        sizes: prefix + [size], counts: moved, frames: frames, mse: max(0, plain.mse + growth)
                    ))
            }
        }
        return assemble(
            measured, shape: codec.shape, groups: groups, normalization: codec.normalization,
            beamWidth: codec.residual.beamWidth, rungs: .automatic)
    }

    /// The mse that the ladder has at a rate, between its rungs along log mse over bits.
    private static func interpolatedError(bits: Double, _ codec: FrameCodec) -> Double {
        let rungs = codec.ladder.rungs
        guard let above = rungs.first(where: { $0.codedBitsPerFrame >= bits }) else {
            return rungs[rungs.count - 1].mse
        }
        guard let below = rungs.last(where: { $0.codedBitsPerFrame < bits }), above.mse > 0, below.mse > 0
        else { return above.mse }
        let share =
            (bits - below.codedBitsPerFrame) / (above.codedBitsPerFrame - below.codedBitsPerFrame)
        return exp(log(below.mse) * (1 - share) + log(above.mse) * share)
    }

    /// Counts of another codebook when each point's frames go to the codeword nearest to it, and the squared
    /// error that this adds in all.
    private static func move(
        _ points: WeightedCodebook, from base: Codebook, to codebook: Codebook
    ) -> (counts: [UInt64], cost: Double) {
        let (before, after) = (points.nearest(in: base), points.nearest(in: codebook))
        var weights: [Double] = Array(repeating: 0, count: codebook.size)
        var cost = 0.0
        for (point, weight) in points.weights.enumerated() {
            weights[Int(after.indices[point])] += weight
            cost += 2 * weight * (Double(after.scores[point]) - Double(before.scores[point]))
        }
        return (weights.map { UInt64($0.rounded()) }, cost)
    }
}

extension WeightedCodebook {
    /// The nearest codeword to each point, and its score.
    fileprivate func nearest(in other: Codebook) -> (indices: [UInt16], scores: [Float]) {
        var indices: [UInt16] = Array(repeating: 0, count: codebook.size)
        var scores: [Float] = Array(repeating: 0, count: codebook.size)
        var indexSpan = indices.mutableSpan
        var scoreSpan = scores.mutableSpan
        PackedCodebook(other).findNearest(
            codebook.codewords.span, indices: &indexSpan, scores: &scoreSpan)
        return (indices, scores)
    }
}
