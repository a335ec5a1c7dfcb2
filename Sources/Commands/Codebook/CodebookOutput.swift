import Bundles
import Plotting
import Quantization
import Training

/// What the codebook commands write.
enum CodebookOutput {
    /// Writes a bundle's file.
    static func write(_ bundle: Bundle, to path: String) throws(CommandFailure) {
        do throws(BundleError) {
            try bundle.write(path: path)
        } catch {
            throw CommandFailure(path: path, error)
        }
    }

    /// A bundle in a few lines: what it is, and its ladder.
    static func summary(_ bundle: Bundle) -> String {
        let codec = bundle.codec
        let stages = codec.residual.stages
        var lines = [
            "bundle      \(bundle.identity)",
            "frames      \(codec.shape) values (tokens × token dimension)",
            "stages      \(RungList.text(stages.map(\.base.size))), beam \(codec.residual.beamWidth)",
            "trained on  \(bundle.provenance.frames) frames, seed \(bundle.provenance.seed), adapted by"
                + " \(bundle.provenance.adaptation)",
            "statistics  \(bundle.statistics == nil ? "none" : "of every stage")",
            "",
            table(
                ["rung", "sizes", "nominal bits", "coded bits", "mse"],
                codec.ladder.rungs.enumerated().map { index, rung in
                    [
                        "\(index)", RungList.text(rung.sizes),
                        DecimalText.fixed(rung.nominalBits(tokens: codec.shape.tokens), places: 1),
                        DecimalText.fixed(rung.codedBitsPerFrame, places: 2), significant(rung.mse),
                    ]
                }),
        ]
        if codec.shape.tokens > 1 { lines[2] += ", tables shared by the tokens" }
        return lines.joined(separator: "\n")
    }

    /// Rows under a header, right-aligned.
    static func table(_ header: [String], _ rows: [[String]]) -> String {
        let widths = header.indices.map { column in
            ([header] + rows).reduce(0) { max($0, $1[column].count) }
        }
        return ([header] + rows).map { row in
            zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// A number with about four significant digits, without an exponent where that is readable.
    static func significant(_ value: Double) -> String {
        guard value.magnitude >= 1e-4, value.magnitude < 1e9 else { return "\(Float(value))" }
        var places = 3
        var limit = 1.0
        while value.magnitude < limit, places < 8 {
            places += 1
            limit /= 10
        }
        return DecimalText.fixed(value, places: places)
    }
}
