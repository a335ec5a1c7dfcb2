import Quantization
import Training

/// A base codebook trained on a mixture, with its calibration statistics.
struct CalibratedStage {
    let train: [Float]
    let test: [Float]
    let base: Codebook
    let statistics: StageStatistics

    init(size: Int, dimension: Int = 16, count: Int = 6_000, seed: UInt64) throws {
        var mixture = Mixture(dimension: dimension, seed: seed)
        let train = mixture.vectors(count)
        let workers = Workers(count: 2)
        let base = try KMeans(size: size, seed: seed, workers: workers).train(train, dimension: dimension)
            .codebook
        var codes: [UInt16] = Array(repeating: 0, count: count)
        var scores: [Float] = Array(repeating: 0, count: count)
        var codeSpan = codes.mutableSpan
        var scoreSpan = scores.mutableSpan
        PackedCodebook(base).findNearest(train.span, indices: &codeSpan, scores: &scoreSpan)
        self.train = train
        self.base = base
        test = mixture.vectors(2_000)
        statistics = StageStatistics(of: train, codes: codes, codebook: base, workers: workers)
    }

    func adapt(_ method: AdaptationMethod, sizes: [Int], workers: Int = 2, seed: UInt64 = 1) -> ResidualStage
    {
        var adapter = StageAdapter(method: method)
        adapter.workers = Workers(count: workers)
        adapter.seed = seed
        return adapter.adaptFromStatistics([[base]], [[statistics]], sizes: [sizes])[0][0]
    }
}
