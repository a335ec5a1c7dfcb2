import Quantization
import Testing
import Training

@Suite struct StageStatisticsTests {
    @Test func `axes point where tokens spread, as far as they lie on average`() throws {
        var generator = SeededGenerator(seed: 3)
        // Box of half sides 8, 2 and 0.5 in a rotated frame.
        let axes: [[Float]] = [[0.6, 0.8, 0], [-0.8, 0.6, 0], [0, 0, 1]]
        let sides: [Float] = [8, 2, 0.5]
        let vectors = (0..<400).flatMap { _ in
            let place = sides.map { $0 * Float(2 * generator.nextUnit() - 1) }
            return (0..<3).map { index in 5 + (0..<3).reduce(0) { $0 + place[$1] * axes[$1][index] } }
        }
        let statistics = StageStatistics(
            of: vectors, codes: Array(repeating: 1, count: 400),
            codebook: Codebook(codewords: [7, 7, 7, 5, 5, 5], size: 2, dimension: 3),
            workers: Workers(count: 1))
        #expect(statistics.counts == [0, 400])
        #expect(Array(statistics.means[0..<3]) == [7, 7, 7])
        #expect(statistics.spread[0..<9].allSatisfy { $0 == 0 })
        for axis in 0..<3 {
            let found = Array(statistics.spread[9 + axis * 3..<12 + axis * 3])
            let along = zip(found, axes[axis]).reduce(0) { $0 + $1.0 * $1.1 }
            let length = found.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(along.magnitude > 0.98 * length)
            // The mean distance from the middle of a uniform distribution is half of its half side.
            #expect(abs(length / sides[axis] - 0.5) < 0.05)
        }
    }

    @Test(arguments: [1, 2, 5, 4_096]) func `takes any dimension, one vector, and equal vectors`(
        dimension: Int
    ) {
        let vector = (0..<dimension).map { Float($0 % 3) }
        let codebook = Codebook(codewords: vector, size: 1, dimension: dimension)
        for count in [1, 3] {
            let vectors = Array(repeating: vector, count: count).flatMap { $0 }
            let statistics = StageStatistics(
                of: vectors, codes: Array(repeating: 0, count: count), codebook: codebook,
                workers: Workers(count: 1))
            #expect(statistics.means == vector)
            #expect(statistics.axisCount == min(3, dimension))
            #expect(statistics.spread.allSatisfy { $0 == 0 })
        }
    }
}
