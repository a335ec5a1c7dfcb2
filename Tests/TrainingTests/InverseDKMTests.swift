import Quantization
import Testing
import Training

@Suite struct InverseDKMTests {
    /// The gradient through all steps against finite differences of the discrepancy.
    @Test(arguments: [UInt64(1), 2], [0, 1, 4]) func `gradients are slopes`(seed: UInt64, steps: Int) {
        var mixture = Mixture(centres: 5, dimension: 3, seed: seed)
        let base = Codebook(codewords: mixture.vectors(4), size: 4, dimension: 3)
        let values = mixture.vectors(10)
        var method = InverseDKM()
        method.temperature = 0.5
        method.centroidSteps = steps
        func measure(_ values: [Float]) -> (discrepancy: Double, gradient: [Float]) {
            method.measure(
                Codebook(codewords: values, size: 10, dimension: 3), against: base, start: [7, 2, 0, 5])
        }
        let gradient = measure(values).gradient
        let largest = gradient.reduce(0) { max($0, $1.magnitude) }
        #expect(largest > 1e-4)
        for index in values.indices {
            var (low, high) = (values, values)
            low[index] -= 0.002
            high[index] += 0.002
            let slope = (measure(high).discrepancy - measure(low).discrepancy) / 0.004
            #expect(
                abs(slope - Double(gradient[index])) < 0.03 * Double(largest),
                "seed \(seed), \(index): \(slope), \(gradient[index])")
        }
    }

    @Test func `descent lowers the discrepancy, and seeds reproduce`() throws {
        let stage = try CalibratedStage(size: 8, dimension: 4, count: 400, seed: 6)
        var method = InverseDKM()
        method.starts = 1
        method.steps = 1
        let first = method.adapt(stage.base, size: 16)
        method.steps = 150
        let found = method.adapt(stage.base, size: 16)
        #expect(found.discrepancy < 0.5 * first.discrepancy)
        #expect(method.adapt(stage.base, size: 16).codebook == found.codebook)
    }

    @Test func `a codebook that is worse than the base is left out`() throws {
        let stage = try CalibratedStage(size: 8, dimension: 4, count: 400, seed: 6)
        let adapted = stage.adapt(.ikm, sizes: [9, 16])
        for codebook in adapted.adapted.values {
            #expect(distortion(stage.train, codebook) <= 1.02 * distortion(stage.train, stage.base))
        }
        #expect(adapted.maps.isEmpty)
    }

    @Test func `takes codewords that are all equal`() {
        var method = InverseDKM()
        method.steps = 3
        let base = Codebook(codewords: Array(repeating: 2, count: 8), size: 4, dimension: 2)
        #expect(method.adapt(base, size: 6).codebook.codewords.allSatisfy { $0.isFinite })
    }
}
