/// The path data of a series' marks.
struct MarkPath {
    private let horizontal: AxisMapping
    private let vertical: AxisMapping
    private let floor: Double

    /// Marks laid out on these axes; areas end at the pixel row `floor`.
    init(horizontal: AxisMapping, vertical: AxisMapping, floor: Double) {
        self.horizontal = horizontal
        self.vertical = vertical
        self.floor = floor
    }

    /// Points joined by straight lines.
    func line(_ points: [Series.Point]) -> String {
        runs(of: points).map { run in
            "M" + run.map(pair).joined(separator: "L")
        }.joined()
    }

    /// Each value holds until the next.
    func steps(_ points: [Series.Point]) -> String {
        runs(of: points).map { "M" + pair($0[0]) + stairs($0) }.joined()
    }

    /// The area below `steps`.
    func area(_ points: [Series.Point]) -> String {
        let bottom = SVGText.number(floor)
        return runs(of: points).map { run in
            "M" + SVGText.number(run[0].x) + " " + bottom + "V" + SVGText.number(run[0].y) + stairs(run)
                + "V" + bottom + "Z"
        }.joined()
    }

    /// A dot of no length for each value; the line's round ends make it visible.
    func dots(_ points: [Series.Point]) -> String {
        runs(of: points).joined().map { "M" + pair($0) + "h0" }.joined()
    }

    /// The area between the ends of the intervals.
    func band(_ intervals: [Series.Interval]) -> String {
        let uppers = runs(
            of: intervals.map { .init(x: $0.x, y: $0.lower.isFinite ? $0.upper : .nan) }, thin: false)
        let lowers = runs(
            of: intervals.map { .init(x: $0.x, y: $0.upper.isFinite ? $0.lower : .nan) }, thin: false)
        return zip(uppers, lowers).map { upper, lower in
            "M" + (upper + lower.reversed()).map(pair).joined(separator: "L") + "Z"
        }.joined()
    }

    private func stairs(_ run: [Pixel]) -> String {
        run.dropFirst().map { "H" + SVGText.number($0.x) + "V" + SVGText.number($0.y) }.joined()
    }

    private func pair(_ pixel: Pixel) -> String {
        SVGText.number(pixel.x) + " " + SVGText.number(pixel.y)
    }

    // MARK: - Pixels

    private struct Pixel {
        var x: Double
        var y: Double
    }

    /// The points as pixels, cut at gaps.
    private func runs(of points: [Series.Point], thin: Bool = true) -> [[Pixel]] {
        var runs: [[Pixel]] = []
        var current: [Pixel] = []
        for point in points {
            if point.x.isFinite, point.y.isFinite {
                current.append(Pixel(x: horizontal.position(point.x), y: vertical.position(point.y)))
            } else if !current.isEmpty {
                runs.append(current)
                current = []
            }
        }
        if !current.isEmpty { runs.append(current) }
        return thin ? runs.map(thinned) : runs
    }

    /// Of many points within half a pixel column, the first, the extremes and the last: what the eye can see.
    private func thinned(_ run: [Pixel]) -> [Pixel] {
        var result: [Pixel] = []
        var start = 0
        while start < run.count {
            let column = (run[start].x * 2).rounded(.down)
            var end = start
            while end < run.count, (run[end].x * 2).rounded(.down) == column { end += 1 }
            if end - start <= 4 {
                result += run[start..<end]
            } else {
                let rows = start..<end
                let highest = rows.min { run[$0].y < run[$1].y } ?? start
                let lowest = rows.max { run[$0].y < run[$1].y } ?? start
                result += Set([start, highest, lowest, end - 1]).sorted().map { run[$0] }
            }
            start = end
        }
        return result
    }
}
