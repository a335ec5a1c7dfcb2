import Plotting

/// Rate and distortion of a ladder as a picture.
struct EvaluationPlot {
    /// How far beyond the ladder's highest nominal bits peers are shown: one at four times the bits would squeeze
    /// all the others into a corner. What is left out stands in the picture's note.
    private static let reach = 1.25

    private static let peerColors: [SeriesColor] = [.green, .purple, .teal, .red, .gray]

    var evaluation: Evaluation
    var peers: PeerResults?
    /// What the picture is about: the frames' name.
    var title: String

    /// SNR over bits: the rungs by coded bits, with dedicated codebooks and peers where they were measured.
    var svg: String {
        let rungs = evaluation.rungs
        var series = [
            Series(
                "Weir", .lineWithDots(rungs.compactMap { Self.point($0.codedBitsPerFrame, $0.snrDb) }),
                color: .blue)
        ]
        let dedicated = rungs.compactMap { rung in
            rung.dedicatedMse.flatMap { mse in
                rung.dedicatedCodedBitsPerFrame.flatMap { Self.point($0, evaluation.snr(mse: mse)) }
            }
        }
        if !dedicated.isEmpty { series.append(Series("dedicated k-means", .dots(dedicated), color: .orange)) }

        let limit = Self.reach * (rungs.map { max($0.nominalBitsPerFrame, $0.codedBitsPerFrame) }.max() ?? 0)
        var hidden: [PeerResults.Entry] = []
        var color = 0
        for family in peers?.families ?? [] {
            let shown = family.entries.filter { $0.bitsPerFrame <= limit }
            hidden += family.entries.filter { $0.bitsPerFrame > limit }
            let points = shown.sorted { $0.bitsPerFrame < $1.bitsPerFrame }
                .compactMap { Self.point($0.bitsPerFrame, evaluation.snr(mse: $0.mse)) }
            guard !points.isEmpty else { continue }
            series.append(
                Series(
                    family.name, .lineWithDots(points),
                    color: Self.peerColors[min(color, Self.peerColors.count - 1)]))
            color += 1
        }
        return Plot(
            title: "Rate and distortion", subtitle: subtitle,
            horizontal: Axis("bits per frame, without headers", includesZero: true),
            panels: [Panel(vertical: Axis("SNR (dB)"), series: series, height: 420)], note: note(hidden)
        ).svg()
    }

    private var subtitle: String {
        let frames = DecimalText.fixed(Double(evaluation.frames), places: 0, grouping: true)
        let version = peers?.version.map { ", FAISS \($0)" } ?? ""
        return "\(title): \(frames) frames, bundle \(evaluation.bundle.prefix(12))\(version)"
    }

    private func note(_ hidden: [PeerResults.Entry]) -> String {
        var sentences: [String] = []
        if evaluation.variance == 0 {
            sentences.append("The frames are all equal to the mean: there is no SNR.")
        }
        let texts = hidden.sorted { $0.bitsPerFrame < $1.bitsPerFrame }.map { entry in
            let snr = evaluation.snr(mse: entry.mse).map { ", \(DecimalText.fixed($0, places: 1)) dB" } ?? ""
            return "\(entry.codec) (\(DecimalText.fixed(entry.bitsPerFrame, places: 0)) bits\(snr))"
        }
        if !texts.isEmpty { sentences.append("Beyond the picture: \(texts.joined(separator: ", ")).") }
        return sentences.joined(separator: " ")
    }

    private static func point(_ bits: Double, _ snr: Double?) -> Series.Point? {
        snr.map { Series.Point(x: bits, y: $0) }
    }
}
