/// Draws one plot: lays panels out below each other and writes their elements.
struct PlotDrawing {
    private static let left = 76.0
    private static let right = 28.0
    private static let margin = 24.0
    private static let panelHeading = 40.0
    private static let noteLine = 17.0
    /// How far marks reach beyond the values that they stand for, in pixels.
    private static let markRadius = 3.0

    private let plot: Plot
    private let horizontal: AxisMapping
    private let legends: [Legend]
    private var output = SVGText()

    init(plot: Plot) {
        self.plot = plot
        var extent = Extent()
        for panel in plot.panels {
            for series in panel.series { extent.addHorizontal(of: series, scale: plot.horizontal.scale) }
        }
        // A shared axis ends where its data ends: rounding it out to a tick would leave blank paper.
        var axis = plot.horizontal
        if axis.range == nil, let data = extent.range, data.upperBound - data.lowerBound > 1e-6 {
            axis.range = axis.includesZero ? min(data.lowerBound, 0)...max(data.upperBound, 0) : data
        }
        horizontal = AxisMapping(
            axis: axis, data: extent.range, from: Self.left, to: plot.width - Self.right,
            desiredTicks: Int(plot.width / 90))
        legends = plot.panels.map { panel in
            let heading =
                Self.margin + SVGText.estimatedWidth(panel.vertical.label, fontSize: Legend.fontSize)
            return Legend(of: panel.series, width: plot.width - Self.right - Self.margin, heading: heading)
        }
    }

    /// The whole document.
    mutating func document() -> String {
        let headerHeight = 22 + (plot.title.isEmpty ? 0 : 24.0) + (plot.subtitle.isEmpty ? 0 : 20.0)
        let highlightRow = plot.highlights.contains { !$0.label.isEmpty } ? 14.0 : 0
        let firstPanel = headerHeight + highlightRow
        let panelsHeight = zip(plot.panels, legends).reduce(0) {
            $0 + Self.panelHeading + $1.1.extraHeight + $1.0.height
        }
        let bottom = firstPanel + panelsHeight
        let noteLines = SVGText.lines(
            of: plot.note, width: plot.width - Self.margin - Self.right, fontSize: Legend.fontSize)
        let height = bottom + 56 + Double(noteLines.count) * Self.noteLine

        output.line(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"\(SVGText.number(plot.width))\""
                + " height=\"\(SVGText.number(height))\""
                + " viewBox=\"0 0 \(SVGText.number(plot.width)) \(SVGText.number(height))\">")
        output.line("<title>\(SVGText.escaped(plot.title))</title>")
        output.line(PlotStyle.sheet)
        output.rectangle(
            x: 0.5, y: 0.5, width: plot.width - 1, height: height - 1, attributes: "rx=\"8\" class=\"ground\""
        )
        header()
        highlights(from: headerHeight - 4, to: bottom, labelRow: headerHeight + 8)
        var top = firstPanel
        for (index, panel) in plot.panels.enumerated() {
            output.label(
                panel.vertical.label, x: Self.margin, y: top + Self.panelHeading - 14,
                attributes: "class=\"heading\"")
            legends[index].draw(
                right: plot.width - Self.right, baseline: top + Self.panelHeading - 14, into: &output)
            top += Self.panelHeading + legends[index].extraHeight
            draw(panel, number: index, top: top)
            top += panel.height
        }
        horizontalLabels(bottom: bottom)
        for (number, line) in noteLines.enumerated() {
            output.label(
                line, x: Self.margin, y: bottom + 62 + Double(number) * Self.noteLine,
                attributes: "class=\"faint\"")
        }
        output.line("</svg>")
        return output.text
    }

    private mutating func header() {
        var baseline = 34.0
        if !plot.title.isEmpty {
            output.label(plot.title, x: Self.margin, y: baseline, attributes: "class=\"headline\"")
            baseline += 21
        }
        if !plot.subtitle.isEmpty {
            output.label(plot.subtitle, x: Self.margin, y: baseline, attributes: "class=\"faint\"")
        }
    }

    private mutating func highlights(from top: Double, to bottom: Double, labelRow: Double) {
        for highlight in plot.highlights {
            let start = max(horizontal.position(highlight.interval.lowerBound), Self.left)
            let end = min(horizontal.position(highlight.interval.upperBound), plot.width - Self.right)
            guard start < end else { continue }
            output.rectangle(
                x: start, y: top, width: end - start, height: bottom - top, attributes: "class=\"highlight\"")
            output.label(
                highlight.label, x: (start + end) / 2, y: labelRow + 4,
                attributes: "text-anchor=\"middle\" class=\"note\"")
        }
    }

    // MARK: - Panels

    private mutating func draw(_ panel: Panel, number: Int, top: Double) {
        let bottom = top + panel.height
        var extent = Extent()
        for series in panel.series { extent.addVertical(of: series, scale: panel.vertical.scale) }
        let vertical = AxisMapping(
            axis: panel.vertical, data: extent.range, from: bottom, to: top,
            desiredTicks: max(Int(panel.height / 34), 2))

        for tick in vertical.ticks.ticks {
            let y = vertical.position(tick.value)
            output.segment(
                x1: Self.left, y1: y, x2: plot.width - Self.right, y2: y, attributes: "class=\"grid\"")
            output.label(
                tick.label, x: Self.left - 8, y: y + 4, attributes: "text-anchor=\"end\" class=\"tick\"")
        }
        output.line("<clipPath id=\"panel\(number)\">")
        output.rectangle(
            x: Self.left - Self.markRadius, y: top - Self.markRadius,
            width: plot.width - Self.right - Self.left + 2 * Self.markRadius,
            height: panel.height + 2 * Self.markRadius, attributes: "")
        output.line("</clipPath>")
        output.line("<g clip-path=\"url(#panel\(number))\">")
        let path = MarkPath(horizontal: horizontal, vertical: vertical, floor: bottom)
        for series in panel.series { draw(series, path: path) }
        output.line("</g>")
        output.segment(
            x1: Self.left, y1: bottom, x2: plot.width - Self.right, y2: bottom, attributes: "class=\"axis\"")
        for tick in horizontal.ticks.ticks {
            let x = horizontal.position(tick.value)
            output.segment(x1: x, y1: bottom, x2: x, y2: bottom + 4, attributes: "class=\"axis\"")
        }
    }

    private mutating func draw(_ series: Series, path: MarkPath) {
        let color = series.color.rawValue
        switch series.marks {
        case .line(let points):
            output.line("<path d=\"\(path.line(points))\" class=\"stroke \(color)\"/>")
        case .lineWithDots(let points):
            output.line("<path d=\"\(path.line(points))\" class=\"stroke \(color)\"/>")
            output.line("<path d=\"\(path.dots(points))\" class=\"dots \(color)\"/>")
        case .steps(let points):
            output.line("<path d=\"\(path.steps(points))\" class=\"stroke \(color)\"/>")
        case .area(let points):
            output.line("<path d=\"\(path.area(points))\" class=\"fill \(color)-fill\"/>")
        case .dots(let points):
            output.line("<path d=\"\(path.dots(points))\" class=\"dots \(color)\"/>")
        case .band(let intervals):
            output.line("<path d=\"\(path.band(intervals))\" class=\"fill \(color)-fill\"/>")
        }
    }

    private mutating func horizontalLabels(bottom: Double) {
        for tick in horizontal.ticks.ticks {
            output.label(
                tick.label, x: horizontal.position(tick.value), y: bottom + 19,
                attributes: "text-anchor=\"middle\" class=\"tick\"")
        }
        output.label(
            plot.horizontal.label, x: (Self.left + plot.width - Self.right) / 2, y: bottom + 40,
            attributes: "text-anchor=\"middle\" class=\"heading\"")
    }
}
