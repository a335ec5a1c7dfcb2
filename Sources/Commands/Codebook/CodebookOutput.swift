import Bundles
import Plotting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the codebook commands write.
enum CodebookOutput {
    /// Writes a bundle's file; returns what is in it, in a few lines.
    static func write(_ bundle: Bundle, to path: String) throws(CommandFailure) -> String {
        let bytes = bundle.serialized()
        try Files.write(bytes, to: path)
        do throws(BundleError) {
            let size = try BundleSize(parsing: bytes)
            return BundleSummary(bundle: bundle, size: size, hasColor: Console.outputHasColor).text
        } catch {
            throw CommandFailure(path: path, error)
        }
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

    /// A number with about four significant digits, without an exponent where that is readable. Zero is "0".
    static func significant(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "–" }
        guard 1e-4..<1e9 ~= value.magnitude else {
            var exponent = Int(floor(log10(value.magnitude)))
            var mantissa = value / pow(10, Double(exponent))
            if mantissa.magnitude >= 9.9995 {
                mantissa /= 10
                exponent += 1
            }
            return "\(DecimalText.fixed(mantissa, places: 3))e\(exponent)"
        }
        var places = 3
        var limit = 1.0
        while value.magnitude < limit, places < 8 {
            places += 1
            limit /= 10
        }
        return DecimalText.fixed(value, places: places)
    }
}
