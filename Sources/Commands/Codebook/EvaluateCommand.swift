import ArgumentParser
import Bundles
import Quantization
import Training

/// `weir codebook evaluate`: rate, distortion and speed of every rung on frames.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure rate, distortion and speed of every rung.",
        discussion: """
            Coded bits are bytes of blocks of 64 frames, headers excluded. Times are of one thread. --against kmeans \
            trains, for each rung, its last stage by k-means on the --train frames after the rung's own stages before \
            it, without a weight of rate and with tables of its own.
            """)

    @Argument(help: "The bundle.")
    var bundle: String

    @Argument(help: "The frames (.npy).")
    var frames: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: "Write rate and distortion as a picture (.svg).")
    var plot: String?

    @Option(help: "Compare with dedicated codebooks: kmeans.")
    var against: String?

    @Option(help: "The frames that --against trains with (.npy).")
    var train: String?

    @Option(help: "What scripts measured of other codecs on the same frames, to show beside (.json).")
    var peerJSON: String?

    func validate() throws {
        if let against {
            try CodebookInput.require(
                against == "kmeans", "--against: '\(against)' is not available; available is kmeans")
            try CodebookInput.require(train != nil, "--against kmeans: needs --train FRAMES.npy")
        } else {
            try CodebookInput.require(train == nil, "--train: only with --against kmeans")
        }
    }

    func run() throws {
        if let plot { try Files.check(plot) }
        let opened = try CodebookInput.bundle(bundle)
        let array = try CodebookInput.frames(frames, for: opened)
        let peers = try peerJSON.map { try PeerResults(path: $0) }
        let training = try train.map { path in
            try CodebookInput.frameSet(CodebookInput.frames(path, for: opened), path: path)
        }
        let codec = opened.codec
        let variance = Self.variance(array, around: codec.normalization.mean)
        var bar = ProgressBar()
        defer { bar.finish() }
        var rungs: [RungEvaluation] = []
        for rung in codec.ladder.rungs.indices {
            bar.update(Double(rung) / Double(codec.ladder.rungs.count), "rung \(rung)")
            rungs.append(try RungEvaluation(rung, of: codec, frames: array, variance: variance))
        }
        if let train, let training {
            do {
                try DedicatedComparison.add(to: &rungs, opened, train: training, test: array) {
                    bar.update($0, $1)
                }
            } catch let error as TrainingError {
                throw CommandFailure(path: train, error)
            }
        }
        bar.finish()
        let evaluation = Evaluation(
            bundle: "\(opened.identity)", frames: array.count, variance: variance, rungs: rungs,
            peers: peers?.entries)
        if let plot {
            let name = frames.split(separator: "/").last.map(String.init) ?? frames
            let picture = EvaluationPlot(evaluation: evaluation, peers: peers, title: name)
            try Files.write(Array(picture.svg.utf8), to: plot)
        }
        if let peerJSON, let other = peers?.variance, abs(other / variance - 1) > 0.01 {
            Console.message(
                "\(peerJSON): the peers' SNR is against a variance of \(CodebookOutput.significant(other)), these frames"
                    + " have \(CodebookOutput.significant(variance)); were they measured on the same frames?")
        }
        try Console.output(json ? JSONOutput.text(evaluation) : evaluation.table)
    }

    /// Mean squared deviation of values from a bundle's calibration mean.
    private static func variance(_ frames: FrameArray, around mean: [Float]) -> Double {
        var sum = 0.0
        for frame in 0..<frames.count {
            for index in mean.indices {
                let difference = Double(frames.values[frame * mean.count + index]) - Double(mean[index])
                sum += difference * difference
            }
        }
        return sum / Double(frames.values.count)
    }
}
