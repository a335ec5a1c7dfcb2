import Bundles
import Plotting
import Quantization
import Training

/// A bundle for people: what it is, and its ladder as a table with a bar for each rung's SNR, within 80 columns.
struct BundleSummary {
    private static let columns = 80
    private static let longestBar = 24

    var bundle: Bundle
    var size: BundleSize
    /// Whether the bars are coloured.
    var hasColor = false

    /// The lines.
    var text: String { (facts + ["", ladder]).joined(separator: "\n") }

    private var facts: [String] {
        let codec = bundle.codec
        let stages = RungList.text(codec.residual.stages.map(\.base.size))
        return [
            "bundle      \(bundle.identity)",
            "frames      \(codec.shape) values (tokens × token dimension)",
            "stages      \(stages), beam \(codec.residual.beamWidth)"
                + (codec.shape.tokens == 1
                    ? ""
                    : codec.residual.groups.count == 1 ? ", shared by the tokens" : ", own of each token"),
            origin,
            "statistics  \(bundle.statistics == nil ? "none" : "of every stage")",
            "size        \(Self.count(size.total)) bytes",
            "of these    \(parts)",
        ]
    }

    private var origin: String {
        let provenance = bundle.provenance
        let frames = "\(Self.count(provenance.frames)) frames"
        if provenance.frames == 0 { return "imported    without frames: the rungs' mse is an estimate" }
        return provenance.variance == nil
            ? "trained on  \(frames), seed \(provenance.seed), adapted by \(provenance.adaptation)"
            : "imported    calibrated on \(frames), adapted by \(provenance.adaptation)"
    }

    private var parts: String {
        let parts = [
            (size.base, "base"), (size.adapted, "adapted"), (size.maps, "maps"), (size.tables, "tables"),
            (size.statistics, "statistics"),
        ]
        return parts.filter { $0.0 > 0 }.map { bytes, name in
            let share = 100 * Double(bytes) / Double(size.total)
            return "\(name) \(DecimalText.fixed(share, places: share < 1 ? 1 : 0)) %"
        }.joined(separator: ", ")
    }

    private var ladder: String {
        let rungs = bundle.codec.ladder.rungs
        let variance = bundle.calibrationVariance
        let decibels = rungs.map { rung in variance.flatMap { Distortion.snr(rung.mse, variance: $0) } }
        let weighsRate = rungs.contains { $0.lambda > 0 }
        let rows = rungs.enumerated().map { index, rung in
            ["\(index)", RungList.text(rung.sizes)]
                + (weighsRate ? [CodebookOutput.significant(Double(rung.lambda))] : []) + [
                    DecimalText.fixed(rung.nominalBits(tokens: bundle.codec.shape.tokens), places: 1),
                    DecimalText.fixed(rung.codedBitsPerFrame, places: 2),
                    CodebookOutput.significant(rung.mse),
                    decibels[index].map { DecimalText.fixed($0, places: 2) } ?? "-",
                ]
        }
        let table = CodebookOutput.table(
            ["rung", "sizes"] + (weighsRate ? ["λ"] : []) + ["nominal bits", "coded bits", "mse", "SNR dB"],
            rows)
        return withBars(table, decibels)
    }

    /// The table's lines with a bar behind each rung's, as long as its SNR is high.
    private func withBars(_ table: String, _ values: [Double?]) -> String {
        let lines = table.split(separator: "\n")
        let width = min(Self.columns - 2 - (lines.map(\.count).max() ?? 0), Self.longestBar)
        guard let highest = values.compactMap(\.self).max(), highest > 0, width >= 4 else { return table }
        let bars = [""] + values.map { HorizontalBar.text(($0 ?? 0) / highest, width: width) }
        return zip(lines, bars).map { line, bar in
            bar.isEmpty ? "\(line)" : "\(line)  \(hasColor ? "\u{1B}[34m\(bar)\u{1B}[0m" : bar)"
        }.joined(separator: "\n")
    }

    private static func count(_ value: Int) -> String {
        DecimalText.fixed(Double(value), places: 0, grouping: true)
    }
}
