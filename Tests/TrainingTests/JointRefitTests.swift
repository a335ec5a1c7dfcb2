import Quantization
import Testing
import Training

@Suite struct JointRefitTests {
    private static let dimension = 3
    private static let sizes = [4, 3, 5]

    /// Vectors, codebooks and codings of one to three stages, all random.
    private struct Problem {
        var vectors: [Float] = []
        var codebooks: [Codebook] = []
        var codings: [JointRefit.Coding] = []

        init(seed: UInt64, count: Int = 90) {
            var generator = SeededGenerator(seed: seed)
            func value() -> Float { Float(2 * generator.nextUnit() - 1) }
            vectors = (0..<count * dimension).map { _ in value() }
            codebooks = sizes.map { size in
                Codebook(
                    codewords: (0..<size * dimension).map { _ in value() }, size: size, dimension: dimension)
            }
            for (stages, weight) in [(1, 0.7), (2, 0.2), (3, 1.6)] {
                let codes = (0..<count).flatMap { _ in
                    sizes[..<stages].map { UInt16(generator.nextUnit() * Double($0)) }
                }
                codings.append(JointRefit.Coding(codes: codes, stages: stages, weight: weight))
            }
        }

        /// The weighted squared error of all codings.
        func error(_ codebooks: [Codebook]) -> Double {
            var error = 0.0
            for coding in codings {
                for vector in 0..<vectors.count / dimension {
                    for index in 0..<dimension {
                        var left = Double(vectors[vector * dimension + index])
                        for stage in 0..<coding.stages {
                            let code = Int(coding.codes[vector * coding.stages + stage])
                            left -= Double(codebooks[stage].codewords[code * dimension + index])
                        }
                        error += coding.weight * left * left
                    }
                }
            }
            return error
        }

        /// The least-squares solution by its normal equations, the slow way: one row and column for each codeword.
        func leastSquares() -> [Codebook] {
            let firsts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
            let unknowns = sizes.reduce(0, +)
            // The last columns are the right sides, one for each dimension. A little on the diagonal picks one of
            // the many solutions: a constant may move from stage to stage.
            var rows = (0..<unknowns).map { row in
                (0..<unknowns + dimension).map { $0 == row ? 1e-7 : 0.0 }
            }
            for coding in codings {
                for vector in 0..<vectors.count / dimension {
                    let used = (0..<coding.stages).map {
                        firsts[$0] + Int(coding.codes[vector * coding.stages + $0])
                    }
                    for row in used {
                        for column in used { rows[row][column] += coding.weight }
                        for index in 0..<dimension {
                            rows[row][unknowns + index] +=
                                coding.weight * Double(vectors[vector * dimension + index])
                        }
                    }
                }
            }
            for pivot in 0..<unknowns {
                for row in 0..<unknowns where row != pivot {
                    let factor = rows[row][pivot] / rows[pivot][pivot]
                    for column in pivot..<unknowns + dimension {
                        rows[row][column] -= factor * rows[pivot][column]
                    }
                }
            }
            return sizes.indices.map { stage in
                let codewords = (firsts[stage]..<firsts[stage] + sizes[stage]).flatMap { row in
                    (0..<dimension).map { Float(rows[row][unknowns + $0] / rows[row][row]) }
                }
                return Codebook(codewords: codewords, size: sizes[stage], dimension: dimension)
            }
        }
    }

    @Test(arguments: 1...5) func comesToTheLeastSquaresSolution(seed: UInt64) {
        let problem = Problem(seed: seed)
        var refit = JointRefit(workers: Workers(count: 2))
        refit.sweeps = 60
        let refitted = refit.refit(problem.codebooks, to: problem.vectors, codings: problem.codings)
        let least = problem.error(problem.leastSquares())
        #expect(least < 0.95 * problem.error(problem.codebooks), "seed \(seed)")
        #expect(abs(problem.error(refitted) / least - 1) < 1e-4, "seed \(seed)")
    }

    @Test(arguments: 1...5) func noSweepRaisesTheError(seed: UInt64) {
        let problem = Problem(seed: seed)
        var refit = JointRefit(workers: Workers(count: 1))
        refit.sweeps = 1
        var codebooks = problem.codebooks
        var error = problem.error(codebooks)
        for _ in 0..<8 {
            codebooks = refit.refit(codebooks, to: problem.vectors, codings: problem.codings)
            let next = problem.error(codebooks)
            #expect(next <= error * (1 + 1e-6), "seed \(seed)")
            error = next
        }
    }

    @Test func threadsDoNotChangeTheCodewords() {
        let problem = Problem(seed: 9, count: 400)
        let one = JointRefit(workers: Workers(count: 1))
        let three = JointRefit(workers: Workers(count: 3))
        #expect(
            one.refit(problem.codebooks, to: problem.vectors, codings: problem.codings)
                == three.refit(problem.codebooks, to: problem.vectors, codings: problem.codings))
    }

    @Test func leavesUnusedCodewordsAlone() {
        var problem = Problem(seed: 4)
        for index in problem.codings.indices {
            problem.codings[index].codes = problem.codings[index].codes.map { min($0, 1) }
        }
        let refit = JointRefit(workers: Workers(count: 1))
        let refitted = refit.refit(problem.codebooks, to: problem.vectors, codings: problem.codings)
        for (before, after) in zip(problem.codebooks, refitted) {
            for code in 0..<before.size {
                #expect((before[code] == after[code]) == (code > 1))
            }
        }
    }
}
