import Quantization
import Testing
import Training

@Suite struct CellSplitterTests {
    @Test(arguments: [UInt64(1), 2, 3])
    func `error falls with size, and beats the base on other frames`(seed: UInt64) throws {
        let stage = try CalibratedStage(size: 64, seed: seed)
        var before = distortion(stage.train, stage.base)
        for size in [65, 80, 128, 256] {
            let codebook = CellSplitter(stage.statistics).split(size: size).codebook
            #expect(codebook.size == size)
            let error = distortion(stage.train, codebook)
            #expect(error < before, "seed \(seed), size \(size)")
            before = error
        }
        let adapted = try #require(stage.adapt(.split, sizes: [128]).adapted[128])
        // 0.2 dB.
        #expect(distortion(stage.test, adapted) < 0.955 * distortion(stage.test, stage.base), "seed \(seed)")
    }

    /// Splits the cell of the largest expected gain each time, the slow way.
    @Test(arguments: [UInt64(1), 2]) func `splits the most gainful cell first`(seed: UInt64) throws {
        let stage = try CalibratedStage(size: 12, dimension: 3, count: 400, seed: seed)
        let statistics = stage.statistics
        var cells = (0..<12).map { index in
            SlowCell(
                base: index, mean: Array(statistics.means[index * 3..<index * 3 + 3]),
                weight: Double(statistics.counts[index]),
                axes: (0..<3).map { axis in
                    Array(statistics.spread[(index * 3 + axis) * 3..<(index * 3 + axis) * 3 + 3])
                })
        }
        while cells.count < 40 {
            let best = cells.indices.max { cells[$0].gain < cells[$1].gain } ?? 0
            cells.append(cells[best].split())
        }
        let split = CellSplitter(statistics).split(size: 40)
        #expect(abs(split.weights.reduce(0, +) - 400) < 1e-9)
        for cell in cells {
            let nearest = distortion(cell.mean, split.codebook)
            #expect(nearest < 1e-9, "seed \(seed)")
        }
    }

    @Test func `cells without spread give equal codewords`() {
        let statistics = StageStatistics(counts: [3, 0], means: [1, 2, 5, 6])
        let split = CellSplitter(statistics).split(size: 5)
        #expect(split.codebook.size == 5)
        for index in 0..<5 {
            #expect([[1, 2], [5, 6]].contains(Array(split.codebook[index])))
        }
        #expect(split.weights.reduce(0, +) == 3)
    }

    /// The gain is what a split saves of any tokens, also of those with a far outlier.
    @Test func `a split of an outlier's cell saves what it says`() {
        var values: [Float] = Array(repeating: 0, count: 200)
        for index in 0..<99 { values[2 * index] = Float(index % 7) / 100 }
        values[198] = 50
        let codebook = Codebook(codewords: [0, 0], size: 1, dimension: 2)
        let statistics = StageStatistics(
            of: values, codes: Array(repeating: 0, count: 100), codebook: codebook, workers: Workers(count: 1)
        )
        let mean = Codebook(codewords: statistics.means, size: 1, dimension: 2)
        let split = CellSplitter(statistics).split(size: 2).codebook
        let axis = statistics.spread[0..<2].reduce(0) { $0 + Double($1) * Double($1) }
        #expect(distortion(values, split) <= distortion(values, mean) - axis + 1e-4)
    }

    private struct SlowCell {
        var base: Int
        var mean: [Float]
        var weight: Double
        var axes: [[Float]]

        private var squares: [Double] {
            axes.map { $0.reduce(0) { $0 + Double($1) * Double($1) } }
        }
        private var widest: Int { axes.indices.max { squares[$0] < squares[$1] } ?? 0 }
        var gain: Double { weight * squares[widest] }

        /// Becomes one half; returns the other.
        mutating func split() -> SlowCell {
            var other = self
            let axis = widest
            for index in mean.indices {
                mean[index] -= axes[axis][index]
                other.mean[index] += axes[axis][index]
            }
            weight /= 2
            axes[axis] = axes[axis].map { $0 * 0.603 }
            other.weight = weight
            other.axes = axes
            return other
        }
    }
}
