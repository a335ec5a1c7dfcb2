/// The names of a panel's series beside samples of their marks, right-aligned in rows that begin beside its heading.
struct Legend {
    /// The size of the text in pixels.
    static let fontSize = 12.0
    private static let rowHeight = 18.0
    /// The room of a name's mark, and between a name and the next mark.
    private static let markWidth = 24.0
    private static let gap = 14.0

    private var rows: [[Series]] = [[]]

    /// Lays out the names of the series that have one.
    ///
    /// - Parameters:
    ///   - width: The room of a row.
    ///   - heading: What the panel's heading takes of the first row.
    init(of series: [Series], width: Double, heading: Double) {
        var room = width - heading
        for series in series where !series.name.isEmpty {
            let needed = Self.width(of: series)
            if needed > room {
                rows.append([])
                room = width
            }
            rows[rows.count - 1].append(series)
            room -= needed
        }
    }

    /// The height of the rows after the first.
    var extraHeight: Double { Double(rows.count - 1) * Self.rowHeight }

    /// Draws the rows up to the pixel column `right`, the first one on `baseline`.
    func draw(right: Double, baseline: Double, into output: inout SVGText) {
        for (number, row) in rows.enumerated() {
            var start = right
            for series in row.reversed() {
                start -= Self.width(of: series)
                Self.draw(
                    series, x: start + Self.gap, baseline: baseline + Double(number) * Self.rowHeight,
                    into: &output)
            }
        }
    }

    private static func width(of series: Series) -> Double {
        gap + markWidth + SVGText.estimatedWidth(series.name, fontSize: fontSize)
    }

    private static func draw(_ series: Series, x: Double, baseline: Double, into output: inout SVGText) {
        output.label(series.name, x: x + markWidth, y: baseline, attributes: "class=\"tick\"")
        let color = series.color.rawValue
        switch series.marks {
        case .line, .steps, .lineWithDots:
            output.segment(
                x1: x, y1: baseline - 4, x2: x + 18, y2: baseline - 4,
                attributes: "class=\"stroke \(color)\"")
        case .area, .band:
            output.rectangle(
                x: x + 2, y: baseline - 9, width: 16, height: 10, attributes: "class=\"fill \(color)-fill\"")
        case .dots: break
        }
        switch series.marks {
        case .lineWithDots, .dots:
            output.segment(
                x1: x + 9, y1: baseline - 4, x2: x + 9, y2: baseline - 4,
                attributes: "class=\"dots \(color)\"")
        case .line, .steps, .area, .band: break
        }
    }
}
