import ArgumentParser
import Bundles
import Plotting
import Quantization
import Training

/// `weir codebook evaluate`: rate, distortion and speed of every rung on frames.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure rate, distortion and speed of every rung.",
        discussion: """
            Coded bits are bytes of blocks of 64 frames, headers excluded. Times are of one thread. --against kmeans trains, \
            for each rung, its last stage by k-means on the --train frames after the rung's own stages before it.
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
        let peers = try peerJSON.map { try PeerResults.read($0) } ?? []
        let codec = opened.codec
        let variance = Self.variance(array, around: codec.normalization.mean)
        var bar = ProgressBar()
        defer { bar.finish() }
        var rungs: [RungEvaluation] = []
        for rung in codec.ladder.rungs.indices {
            bar.update(Double(rung) / Double(codec.ladder.rungs.count), "rung \(rung)")
            rungs.append(try RungEvaluation(rung, of: codec, frames: array, variance: variance))
        }
        if let train {
            let set = try CodebookInput.frameSet(CodebookInput.frames(train, for: opened), path: train)
            do throws(TrainingError) {
                try DedicatedComparison.add(to: &rungs, opened, train: set, test: array) {
                    bar.update($0, $1)
                }
            } catch {
                throw CommandFailure(path: train, error)
            }
        }
        bar.finish()
        let evaluation = Evaluation(
            bundle: "\(opened.identity)", frames: array.count, variance: variance, rungs: rungs,
            peers: peerJSON == nil ? nil : peers)
        if let plot {
            try Files.write(Array(EvaluationPlot.svg(evaluation, title: frames).utf8), to: plot)
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

/// What `evaluate` found; the names are the keys of its JSON.
struct Evaluation: Encodable {
    var bundle: String
    var frames: Int
    var variance: Double
    var rungs: [RungEvaluation]
    var peers: [PeerResults.Entry]?

    /// The figures in a table for people.
    var table: String {
        let hasDedicated = rungs.contains { $0.dedicatedMse != nil }
        let header =
            [
                "rung", "sizes", "nominal bits", "coded bits", "mse", "SNR dB", "used", "encode ns", "of 64",
                "decode ns",
            ]
            + (hasDedicated ? ["dedicated mse"] : [])
        let rows = rungs.map { rung in
            [
                "\(rung.rung)", RungList.text(rung.sizes), Self.fixed(rung.nominalBitsPerFrame, 1),
                Self.fixed(rung.codedBitsPerFrame, 2), CodebookOutput.significant(rung.mse),
                rung.snrDb.map { Self.fixed($0, 2) } ?? "-", "\(rung.usedCodewords)",
                Self.fixed(rung.encodeNsPerFrame, 0), Self.fixed(rung.encodeNsPerFrameBatch64, 0),
                Self.fixed(rung.decodeNsPerFrame, 0),
            ] + (hasDedicated ? [rung.dedicatedMse.map(CodebookOutput.significant) ?? "-"] : [])
        }
        let peerRows = (peers ?? []).map { peer in
            [peer.codec, Self.fixed(peer.bitsPerFrame, 1), peer.snrDb.map { Self.fixed($0, 2) } ?? "-"]
        }
        let own = CodebookOutput.table(header, rows)
        return peerRows.isEmpty
            ? own : own + "\n\n" + CodebookOutput.table(["peer", "bits", "SNR dB"], peerRows)
    }

    private static func fixed(_ value: Double, _ places: Int) -> String {
        DecimalText.fixed(value, places: places)
    }
}
