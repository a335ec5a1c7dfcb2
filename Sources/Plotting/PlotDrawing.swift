/// Draws one plot: lays panels out below each other and writes their elements.
struct PlotDrawing {
    private static let left = 76.0
    private static let right = 28.0
    private static let fontSize = 12.0
    private static let panelHeading = 40.0

    private let plot: Plot
    private let horizontal: AxisMapping
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
            axis.range = data
        }
        horizontal = AxisMapping(
            axis: axis, data: extent.range, from: Self.left, to: plot.width - Self.right,
            desiredTicks: Int(plot.width / 90))
    }

    /// The whole document.
    mutating func document() -> String {
        let headerHeight = 22 + (plot.title.isEmpty ? 0 : 24.0) + (plot.subtitle.isEmpty ? 0 : 20.0)
        let highlightRow = plot.highlights.contains { !$0.label.isEmpty } ? 14.0 : 0
        let firstPanel = headerHeight + highlightRow
        let panelsHeight = plot.panels.reduce(0) { $0 + Self.panelHeading + $1.height }
        let bottom = firstPanel + panelsHeight
        let height = bottom + 56

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
            draw(panel, number: index, top: top + Self.panelHeading)
            top += Self.panelHeading + panel.height
        }
        horizontalLabels(bottom: bottom)
        output.line("</svg>")
        return output.text
    }

    private mutating func header() {
        var baseline = 34.0
        if !plot.title.isEmpty {
            output.label(plot.title, x: 24, y: baseline, attributes: "class=\"headline\"")
            baseline += 21
        }
        if !plot.subtitle.isEmpty {
            output.label(plot.subtitle, x: 24, y: baseline, attributes: "class=\"faint\"")
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

        output.label(panel.vertical.label, x: 24, y: top - 14, attributes: "class=\"heading\"")
        legend(of: panel, baseline: top - 14)
        for tick in vertical.ticks.ticks {
            let y = vertical.position(tick.value)
            output.segment(
                x1: Self.left, y1: y, x2: plot.width - Self.right, y2: y, attributes: "class=\"grid\"")
            output.label(
                tick.label, x: Self.left - 8, y: y + 4, attributes: "text-anchor=\"end\" class=\"tick\"")
        }
        output.line(
            "<clipPath id=\"panel\(number)\"><rect x=\"\(SVGText.number(Self.left))\" y=\"\(SVGText.number(top - 2))\""
                + " width=\"\(SVGText.number(plot.width - Self.right - Self.left))\""
                + " height=\"\(SVGText.number(panel.height + 4))\"/></clipPath>")
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

    /// The names of the panel's series, right-aligned on the row of its heading.
    private mutating func legend(of panel: Panel, baseline: Double) {
        var right = plot.width - Self.right
        for series in panel.series.reversed() where !series.name.isEmpty {
            let start = right - SVGText.estimatedWidth(series.name, fontSize: Self.fontSize)
            output.label(series.name, x: start, y: baseline, attributes: "class=\"tick\"")
            let color = series.color.rawValue
            switch series.marks {
            case .line, .steps:
                output.segment(
                    x1: start - 24, y1: baseline - 4, x2: start - 6, y2: baseline - 4,
                    attributes: "class=\"stroke \(color)\"")
            case .dots:
                output.segment(
                    x1: start - 12, y1: baseline - 4, x2: start - 12, y2: baseline - 4,
                    attributes: "class=\"dots \(color)\"")
            case .area, .band:
                output.rectangle(
                    x: start - 22, y: baseline - 9, width: 16, height: 10,
                    attributes: "class=\"fill \(color)-fill\"")
            }
            right = start - 38
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
