import LinkControl
import Quantization
import Testing
import TestSupport

@Suite struct RungAllocatorTests {
    private struct Problem {
        var streams: [AllocatorStream]
        var frames: [Int]
        var budget: Double

        init(seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            streams = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                var bits = Double.random(in: 2...10, using: &generator)
                var mse = Double.random(in: 0.5...2, using: &generator)
                var rungs: [Rung] = []
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    rungs.append(Rung(sizes: [16], codedBitsPerFrame: bits, mse: mse))
                    bits += Double.random(in: 0...10, using: &generator)
                    mse *= Double.random(in: 0.4...1.05, using: &generator)
                }
                return AllocatorStream(
                    ladder: Ladder(rungs: rungs), weight: Double.random(in: 0.1...3, using: &generator))
            }
            frames = streams.map { _ in Int.random(in: 0...5, using: &generator) }
            budget = Double.random(in: 0...80, using: &generator)
        }

        func bytes(_ rungs: [Int]) -> Double {
            streams.indices.reduce(0) {
                $0 + streams[$1].ladder.rungs[rungs[$1]].codedBitsPerFrame * Double(frames[$1]) / 8
            }
        }

        func cost(_ rungs: [Int]) -> Double {
            streams.indices.reduce(0) {
                $0 + streams[$1].weight * streams[$1].ladder.rungs[rungs[$1]].mse * Double(frames[$1])
            }
        }

        /// The least cost of all choices that fit; nil when none does.
        func exhaustive() -> Double? {
            var choices: [[Int]] = [[]]
            for stream in streams {
                choices = choices.flatMap { choice in stream.ladder.rungs.indices.map { choice + [$0] } }
            }
            return choices.filter { bytes($0) <= budget + 1e-9 }.map(cost).min()
        }

        /// The most that any one step on any stream can save.
        var largestStep: Double {
            streams.indices.map { stream in
                let errors = streams[stream].ladder.rungs.map(\.mse)
                return streams[stream].weight * Double(frames[stream])
                    * ((errors.max() ?? 0) - (errors.min() ?? 0))
            }.max() ?? 0
        }
    }

    @Test(arguments: UInt64(1)...400)
    func isWithinOneStepOfTheBest(seed: UInt64) {
        let problem = Problem(seed: seed)
        var allocator = RungAllocator(streams: problem.streams)
        for stream in problem.streams.indices { allocator.setFrames(problem.frames[stream], of: stream) }
        let fits = allocator.allocate(budget: problem.budget)
        let rungs = problem.streams.indices.map { allocator.rung(of: $0) }
        guard let best = problem.exhaustive() else {
            #expect(!fits, "seed \(seed)")
            return
        }
        #expect(fits, "seed \(seed)")
        #expect(problem.bytes(rungs) <= problem.budget + 1e-9, "seed \(seed)")
        #expect(problem.cost(rungs) >= best - 1e-9, "seed \(seed)")
        #expect(problem.cost(rungs) <= best + problem.largestStep + 1e-9, "seed \(seed)")
    }

    @Test func aPlentifulBudgetTakesTheFinestRungOfEveryStream() {
        let ladder = ladder([(4, 1), (8, 0.5), (16, 0.2), (32, 0.05)])
        var allocator = RungAllocator(streams: [
            AllocatorStream(ladder: ladder), AllocatorStream(ladder: ladder, rungs: 0...2),
        ])
        allocator.setFrames(3, of: 0)
        allocator.setFrames(1, of: 1)
        let fits = allocator.allocate(budget: 1_000)
        #expect(fits)
        #expect(allocator.rung(of: 0) == 3)
        #expect(allocator.rung(of: 1) == 2)
    }

    @Test func weightDecidesWhoGetsTheBits() {
        let ladder = ladder([(8, 1), (16, 0.5)])
        var allocator = RungAllocator(streams: [
            AllocatorStream(ladder: ladder, weight: 1), AllocatorStream(ladder: ladder, weight: 5),
        ])
        allocator.setFrames(1, of: 0)
        allocator.setFrames(1, of: 1)
        let fits = allocator.allocate(budget: 3)
        #expect(fits)
        #expect(allocator.rung(of: 0) == 0)
        #expect(allocator.rung(of: 1) == 1)
    }

    @Test func maximumDistortionAndMinimumRungRaiseTheFloor() {
        let ladder = ladder([(4, 1), (8, 0.5), (16, 0.2)])
        var allocator = RungAllocator(streams: [
            AllocatorStream(ladder: ladder, maximumDistortion: 0.5),
            AllocatorStream(ladder: ladder, rungs: 2...2),
            AllocatorStream(ladder: ladder, maximumDistortion: 0.1),
        ])
        #expect(allocator.floor(of: 0) == 1)
        #expect(allocator.floor(of: 1) == 2)
        #expect(allocator.floor(of: 2) == nil)
        allocator.setFrames(4, of: 0)
        #expect(allocator.floorBytes(of: 0, frames: 4) == 4)
        let tooLittle = allocator.allocate(budget: 3.9)
        #expect(!tooLittle)
        let enough = allocator.allocate(budget: 4)
        #expect(enough)
        #expect(allocator.rung(of: 0) == 1)
    }

    private func ladder(_ points: [(bits: Double, mse: Double)]) -> Ladder {
        Ladder(rungs: points.map { Rung(sizes: [16], codedBitsPerFrame: $0.bits, mse: $0.mse) })
    }
}
