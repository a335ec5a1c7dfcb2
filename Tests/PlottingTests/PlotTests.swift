import FoundationEssentials
import Plotting
import Testing

@Suite("Plot")
struct PlotTests {
    /// A plot with each kind of mark, both scales, gaps and a highlight.
    static var sample: Plot {
        let seconds = (0...60).map(Double.init)
        let capacity = seconds.map { Series.Point(x: $0, y: (20...40).contains($0) ? 20 : 2_000) }
        let sent = seconds.map { Series.Point(x: $0, y: (22...40).contains($0) ? 15 : 600 + 10 * $0) }
        let rung = seconds.map { Series.Point(x: $0, y: (22...40).contains($0) ? 1 : ($0 == 50 ? .nan : 9)) }
        let age = seconds.map { Series.Interval(x: $0, lower: 20, upper: $0 == 21 ? 180 : 35 + $0 / 10) }
        return Plot(
            title: "A link under pressure & its \"frames\"",
            subtitle: "3 streams < 4",
            horizontal: Axis("time (s)"),
            panels: [
                Panel(
                    vertical: Axis("rate (kbit/s)", scale: .logarithmic),
                    series: [
                        Series("offered", .area(capacity), color: .gray),
                        Series("sent", .line(sent), color: .blue),
                    ]),
                Panel(
                    vertical: Axis("rung", includesZero: true, wholeNumbers: true),
                    series: [Series("press-7", .steps(rung), color: .orange)], height: 100),
                Panel(
                    vertical: Axis("age (ms)", range: 0...200),
                    series: [
                        Series("p5 to p95", .band(age), color: .green),
                        Series("late", .dots([.init(x: 21, y: 190)]), color: .red),
                    ]),
            ],
            highlights: [Highlight("squeezed", over: 20...40)])
    }

    @Test
    func equalsGoldenFile() throws {
        let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/sample.svg")
        let expected = try String(contentsOf: golden, encoding: .utf8).split(separator: "\n")
        let drawn = Self.sample.svg().split(separator: "\n")
        #expect(expected.count == drawn.count)
        for (number, (expected, drawn)) in zip(expected, drawn).enumerated() {
            #expect(expected == drawn, "line \(number + 1)")
        }
    }

    @Test
    func escapesText() {
        let svg = Self.sample.svg()
        #expect(svg.contains("A link under pressure &amp; its &quot;frames&quot;"))
        #expect(svg.contains("3 streams &lt; 4"))
        var hostile = Self.sample
        hostile.title = "</title><script>\u{0}\u{1b}"
        #expect(hostile.svg().contains("<title>&lt;/title&gt;&lt;script&gt;</title>"))
    }

    @Test
    func drawsAnyValue() {
        let extremes = [0, -0.0, 1e-300, -1e300, 1e300, .nan, .infinity, -.infinity, .leastNonzeroMagnitude]
        for scale in [Axis.Scale.linear, .logarithmic] {
            for x in extremes {
                let points = extremes.map { Series.Point(x: x, y: $0) }
                let intervals = extremes.map { Series.Interval(x: $0, lower: x, upper: $0) }
                let panel = Panel(
                    vertical: Axis("", scale: scale),
                    series: [
                        Series("", .line(points), color: .blue), Series("", .area(points), color: .red),
                        Series("", .band(intervals), color: .teal),
                        Series("", .lineWithDots(points), color: .green),
                    ])
                let svg = Plot(title: "", horizontal: Axis("", scale: scale), panels: [panel]).svg()
                #expect(!svg.contains("nan") && !svg.contains("inf"))
                #expect(svg.hasSuffix("</svg>\n"))
            }
        }
    }

    @Test
    func drawsNoMorePointsThanCanBeSeen() {
        let points = (0..<200_000).map { Series.Point(x: Double($0), y: Double($0 * 7919 % 1_000)) }
        let plot = Plot(
            title: "", horizontal: Axis(""),
            panels: [Panel(vertical: Axis(""), series: [Series("", .line(points), color: .blue)])])
        #expect(plot.svg().utf8.count < 200_000)
    }

    @Test
    func dotsAtTheEdgesAreWhole() throws {
        let points = [Series.Point(x: 1, y: 5), .init(x: 8, y: 20)]
        let plot = Plot(
            title: "", horizontal: Axis("", range: 1...8),
            panels: [
                Panel(
                    vertical: Axis("", range: 5...20),
                    series: [Series("rungs", .lineWithDots(points), color: .blue)],
                    height: 100)
            ])
        let svg = plot.svg()
        // The drawing area is 76...932 wide, 100 high and begins below the heading; dots are 5 pixels across.
        #expect(svg.contains("<rect x=\"73\" y=\"59\" width=\"862\" height=\"106\"/>"))
        #expect(svg.contains("<path d=\"M76 162L932 62\" class=\"stroke blue\"/>"))
        #expect(svg.contains("<path d=\"M76 162h0M932 62h0\" class=\"dots blue\"/>"))
        #expect(svg.split(separator: ">rungs<").count == 2, "one name in the legend")
    }

    @Test(arguments: [(5.0, 9.0, 0.0, 9.0), (-7, -2, -7, 0), (-1, 2, -1, 2)])
    func reachesZeroWhereAsked(from: Double, to: Double, start: Double, end: Double) {
        func svg(includesZero: Bool, range: ClosedRange<Double>?) -> String {
            let points = [Series.Point(x: from, y: 0), .init(x: to, y: 1)]
            return Plot(
                title: "", horizontal: Axis("", range: range, includesZero: includesZero),
                panels: [Panel(vertical: Axis(""), series: [Series("", .line(points), color: .blue)])]
            ).svg()
        }
        #expect(svg(includesZero: true, range: nil) == svg(includesZero: false, range: start...end))
        #expect(svg(includesZero: false, range: nil) == svg(includesZero: false, range: from...to))
    }

    @Test
    func longLegendsTakeSeveralRows() {
        func svg(_ count: Int) -> String {
            let series = (0..<count).map {
                Series("a name of some length \($0)", .dots([.init(x: 0, y: 0)]), color: .red)
            }
            return Plot(
                title: "", horizontal: Axis(""), panels: [Panel(vertical: Axis("SNR"), series: series)]
            )
            .svg()
        }
        #expect(svg(3).contains("height=\"268\" viewBox") && svg(20).contains("height=\"340\" viewBox"))
        for number in 0..<20 { #expect(svg(20).contains(">a name of some length \(number)<")) }
    }

    @Test
    func notesAreWrapped() {
        var plot = Plot(
            title: "", horizontal: Axis(""), panels: [Panel(vertical: Axis(""), series: [])], width: 320)
        #expect(!plot.svg().contains(">nothing"))
        plot.note = "nothing here is ever wider than what the picture has room for, <&> is escaped"
        let svg = plot.svg()
        #expect(svg.contains(">nothing here is ever wider than what</text>"))
        #expect(svg.contains(">the picture has room for, &lt;&amp;&gt; is</text>"))
        #expect(svg.contains(">escaped</text>"))
    }

    @Test
    func labelsTicksWithoutRoundingErrors() {
        let panel = Panel(
            vertical: Axis("", range: 0...0.7),
            series: [Series("", .line([.init(x: 0, y: 0), .init(x: 1, y: 0.7)]), color: .blue)])
        let svg = Plot(title: "", horizontal: Axis(""), panels: [panel]).svg()
        for label in [">0.0<", ">0.2<", ">0.4<", ">0.6<"] { #expect(svg.contains(label)) }
    }

    @Test
    func labelsWholeNumbersOnly() {
        let panel = Panel(
            vertical: Axis("", wholeNumbers: true),
            series: [Series("", .steps([.init(x: 0, y: 1), .init(x: 10, y: 2)]), color: .blue)])
        let svg = Plot(title: "", horizontal: Axis(""), panels: [panel]).svg()
        #expect(svg.contains("class=\"tick\">1</text>") && svg.contains("class=\"tick\">2</text>"))
        #expect(!svg.contains("class=\"tick\">1.5</text>"))
    }
}
