import Quantization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension LadderBuilder {
    /// Builds a codec without frames.
    ///
    /// A codeword stands for the frames of the base codewords whose means are nearest to it, so that the mse of a rung
    /// whose last stage is adapted follows from that of the rung with the base codebook: it grows by what moving each
    /// base codeword's frames to another codeword costs. Codes of the stages before keep their calibration counts.
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
            for size in stages[last].adapted.keys.sorted() {
                var moved = counts
                var cost = 0.0
                for (group, stages) in groups.enumerated() {
                    guard let codebook = stages[last].adapted[size] else { continue }
                    let move = Self.move(statistics[group][last], from: stages[last].base, to: codebook)
                    moved[group][last] = move.counts
                    cost += move.cost
                }
                // Means that are nearer to the smaller codebook would make it better than what it stands for.
                let growth = max(0, cost) * square / (total * Double(codec.shape.tokenDimension))
                measured.append(
                    MeasuredRung(
                        sizes: prefix + [size], counts: moved, frames: frames, mse: plain.mse + growth))
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

    /// Counts of a smaller codebook when each base codeword's frames go to the codeword nearest to their mean, and the
    /// squared error that this adds in all.
    private static func move(
        _ statistics: StageStatistics, from base: Codebook, to codebook: Codebook
    ) -> (counts: [UInt64], cost: Double) {
        var counts: [UInt64] = Array(repeating: 0, count: codebook.size)
        var cost = 0.0
        for (index, count) in statistics.counts.enumerated() where count > 0 {
            let mean = statistics.means[index * base.dimension..<(index + 1) * base.dimension]
            var nearest = 0
            var least = Double.infinity
            for codeword in 0..<codebook.size {
                let distance = squaredDistance(mean, codebook[codeword])
                if distance < least {
                    nearest = codeword
                    least = distance
                }
            }
            counts[nearest] += count
            cost += Double(count) * (least - squaredDistance(mean, base[index]))
        }
        return (counts, cost)
    }

    private static func squaredDistance(_ first: ArraySlice<Float>, _ second: ArraySlice<Float>) -> Double {
        zip(first, second).reduce(0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }
    }
}
