import Foundation
import Quantization
import Training

/// Writes out what was printed.
func flushOutput() {
    try? FileHandle.standardOutput.synchronize()
    fflush(nil)
}

/// What commands have loaded and laid out so far.
struct Searches {
    private var files: [String: [Float]] = [:]
    private var flats: [String: FlatSearch] = [:]
    private var residuals: [String: ResidualSearch] = [:]

    /// The values of a file.
    mutating func values(_ path: String) throws -> [Float] {
        if let values = files[path] { return values }
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let values = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        files[path] = values
        return values
    }

    /// A codebook and frames to search it for.
    mutating func flat(_ codewords: String, size: Int, frames: String, dimension: Int) throws -> FlatSearch {
        let key = "\(codewords) \(size) \(frames)"
        if let flat = flats[key] { return flat }
        let codebook = Codebook(codewords: try values(codewords), size: size, dimension: dimension)
        let flat = FlatSearch(codebook: PackedCodebook(codebook), frames: try values(frames))
        flats[key] = flat
        return flat
    }

    /// A residual quantizer and frames to encode.
    mutating func residual(
        _ codewords: String, stages: Int, size: Int, frames: String, dimension: Int, beamWidth: Int
    ) throws -> ResidualSearch {
        let key = "\(codewords) \(stages) \(size) \(frames) \(beamWidth)"
        if let residual = residuals[key] { return residual }
        let all = try values(codewords)
        let stages = (0..<stages).map { stage in
            let range = stage * size * dimension..<(stage + 1) * size * dimension
            return ResidualStage(
                base: Codebook(codewords: Array(all[range]), size: size, dimension: dimension))
        }
        let rung = Rung(sizes: stages.map { _ in size }, codedBitsPerFrame: 1, mse: 1)
        let quantizer = ResidualQuantizer(
            shape: FrameShape(tokenDimension: dimension), stages: stages, ladder: Ladder(rungs: [rung]),
            beamWidth: beamWidth)
        let residual = ResidualSearch(quantizer, frames: try values(frames))
        residuals[key] = residual
        return residual
    }
}

/// Nearest codewords of frames.
struct FlatSearch {
    let codebook: PackedCodebook
    let frames: [Float]

    /// Time of a frame where `count` frames are searched for in batches.
    func nanosecondsPerFrame(batch: Int, count: Int) -> Double {
        let dimension = codebook.dimension
        var indices = [UInt16](repeating: 0, count: batch)
        var scores = [Float](repeating: 0, count: batch)
        let start = ContinuousClock.now
        for first in stride(from: 0, to: count, by: batch) {
            var indexRoom = indices.mutableSpan
            var scoreRoom = scores.mutableSpan
            codebook.findNearest(
                frames.span.extracting(first * dimension..<(first + batch) * dimension),
                indices: &indexRoom, scores: &scoreRoom)
        }
        return (ContinuousClock.now - start) / .nanoseconds(1) / Double(count)
    }
}

/// Codes of frames by beam search.
struct ResidualSearch {
    private let quantizer: ResidualQuantizer
    private let frames: [Float]
    private var scratch: QuantizerScratch

    init(_ quantizer: ResidualQuantizer, frames: [Float]) {
        self.quantizer = quantizer
        self.frames = frames
        scratch = quantizer.makeScratch()
    }

    /// Time and error of a frame where `count` frames are encoded in batches.
    mutating func measure(
        batch: Int, count: Int
    ) -> (nanosecondsPerFrame: Double, squaredErrorPerFrame: Double) {
        let dimension = quantizer.shape.dimension
        var codes = [UInt16](repeating: 0, count: batch * quantizer.symbolsPerFrame(rung: 0))
        // Untimed, as what a daemon does once: the scratch becomes this search's own.
        _ = encode(0..<dimension, into: &codes)
        var squaredError = 0.0
        let start = ContinuousClock.now
        for first in stride(from: 0, to: count, by: batch) {
            squaredError += encode(first * dimension..<(first + batch) * dimension, into: &codes)
        }
        let nanoseconds = (ContinuousClock.now - start) / .nanoseconds(1)
        return (nanoseconds / Double(count), squaredError / Double(count))
    }

    private mutating func encode(_ values: Range<Int>, into codes: inout [UInt16]) -> Double {
        let frames = frames
        var room = codes.mutableSpan
        return quantizer.encode(frames.span.extracting(values), rung: 0, into: &room, scratch: &scratch)
    }
}

/// Seconds, squared error of a frame and iterations of k-means that runs all iterations.
func trainKMeans(
    _ frames: [Float], dimension: Int, size: Int, iterations: Int, threads: Int
) throws -> String {
    var kMeans = KMeans(size: size, seed: 1, workers: Workers(count: threads))
    kMeans.iterations = iterations
    kMeans.tolerance = 0
    let start = ContinuousClock.now
    let result = try kMeans.train(frames, dimension: dimension)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return "\(seconds) \(result.meanSquaredError) \(result.iterations)"
}
