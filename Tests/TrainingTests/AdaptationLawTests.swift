import Quantization
import Testing
import Training

/// What holds for every method of adaptation.
@Suite struct AdaptationLawTests {
    static let smaller: [AdaptationMethod] = [.dkm, .paperDKM, .ward]

    @Test(arguments: smaller, [UInt64(1), 2])
    func `error falls with size`(method: AdaptationMethod, seed: UInt64) throws {
        let stage = try CalibratedStage(size: 96, seed: seed)
        let sizes = [2, 4, 8, 16, 48]
        let adapted = stage.adapt(method, sizes: sizes).adapted
        var before = Double.infinity
        for size in sizes {
            let codebook = try #require(adapted[size])
            #expect(codebook.size == size && codebook.codewords.allSatisfy { $0.isFinite })
            let error = distortion(stage.train, codebook)
            #expect(error < before, "\(method), seed \(seed), size \(size)")
            before = error
        }
        #expect(distortion(stage.train, stage.base) < before)
    }

    @Test(arguments: [AdaptationMethod.dkm, .paperDKM, .ward, .split])
    func `threads change nothing, and seeds reproduce`(method: AdaptationMethod) throws {
        let stage = try CalibratedStage(size: 32, count: 1_000, seed: 3)
        let sizes = method == .split ? [40, 64] : [5, 16]
        let one = stage.adapt(method, sizes: sizes, workers: 1, seed: 7)
        #expect(stage.adapt(method, sizes: sizes, workers: 4, seed: 7) == one)
        #expect(one.adapted.keys.sorted() == sizes)
    }

    @Test func `the default method splits above the base`() throws {
        let stage = try CalibratedStage(size: 16, count: 500, seed: 4)
        #expect(
            stage.adapt(.dkm, sizes: [24]).adapted[24] == stage.adapt(.split, sizes: [24]).adapted[24])
    }

    @Test(arguments: [UInt64(1), 2]) func `ward's maps are nested and agree with the tree`(seed: UInt64)
        throws
    {
        let stage = try CalibratedStage(size: 40, count: 800, seed: seed)
        let sizes = Array(2..<40)
        let adapted = stage.adapt(.ward, sizes: sizes)
        let tree = WardTree(WeightedCodebook(stage.statistics))
        for size in sizes {
            let map = try #require(adapted.maps[size])
            #expect(map.map(Int.init) == tree.map(size: size))
            #expect(adapted.adapted[size] == tree.cut(size: size))
            guard let coarser = adapted.maps[size - 1] else { continue }
            #expect(Set(zip(map, coarser).map { [$0, $1] }).count == size, "seed \(seed), size \(size)")
        }
    }

    @Test func `other maps lead to the nearest codeword`() throws {
        let stage = try CalibratedStage(size: 40, count: 800, seed: 5)
        let adapted = stage.adapt(.dkm, sizes: [4, 10, 80])
        #expect(adapted.maps.keys.sorted() == [4, 10])
        for (size, map) in adapted.maps {
            let codebook = try #require(adapted.adapted[size])
            for (index, mapped) in map.enumerated() {
                let own = Codebook(
                    codewords: Array(codebook[Int(mapped)]), size: 1, dimension: codebook.dimension)
                let values = Array(stage.base[index])
                #expect(distortion(values, own) <= distortion(values, codebook) + 1e-4)
            }
        }
    }

    @Test(arguments: [AdaptationMethod.dkm, .paperDKM, .ward, .split], [1, 4_096])
    func `takes any dimension, unused codewords, and duplicates`(method: AdaptationMethod, dimension: Int) {
        let values: [Float] = (0..<8).flatMap { index in
            (0..<dimension).map { $0 % 5 == 0 ? 0 : Float(index / 2) }
        }
        let base = Codebook(codewords: values, size: 8, dimension: dimension)
        for counts in [[UInt64](repeating: 0, count: 8), [1, 0, 0, 0, 5, 0, 0, 1]] {
            let statistics = StageStatistics(counts: counts, means: values)
            let adapter = StageAdapter(method: method)
            let sizes = method == .split ? [9, 16] : [2, 7]
            let stage = adapter.adaptFromStatistics([[base]], [[statistics]], sizes: [sizes])[0][0]
            #expect(stage.adapted.keys.sorted() == sizes)
            for codebook in stage.adapted.values {
                #expect(
                    codebook.codewords.allSatisfy { $0 >= 0 && $0 <= 3 },
                    "\(counts), \(codebook.codewords.prefix(20))")
            }
        }
    }

    @Test func `methods say which sizes they make`() {
        #expect(AdaptationMethod.dkm.allowedSizes(base: 32) == "2...31 and 33...16384")
        #expect(AdaptationMethod.ward.allowedSizes(base: 2) == "none")
        #expect(AdaptationMethod.ikm.allowedSizes(base: 16_384) == "none")
        #expect(AdaptationMethod.split.defaultSizes(base: 1_024) == [2_048, 4_096])
        #expect(AdaptationMethod.split.defaultSizes(base: 8_192) == [16_384])
        #expect(AdaptationMethod.dkm.defaultSizes(base: 16) == [2, 4, 8])
        for method in AdaptationMethod.allCases {
            #expect(!method.allows(size: 32, base: 32) && !method.allows(size: 1, base: 32))
            #expect(method.allows(size: 16, base: 32) != [.split, .ikm].contains(method))
            #expect(method.allows(size: 64, base: 32) != [.ward, .paperDKM].contains(method))
        }
    }
}
