import Quantization

extension LadderBuilder {
    /// The rungs on the lower convex hull of (coded bits, mse), cheapest first: each more bits and less mse, at less and
    /// less gain a bit (Andrew's monotone chain).
    static func hull(_ rungs: [MeasuredRung]) -> [MeasuredRung] {
        let sorted = rungs.sorted { ($0.bits, $0.mse) < ($1.bits, $1.mse) }
        var hull: [MeasuredRung] = []
        for rung in sorted {
            if let last = hull.last, rung.mse >= last.mse || rung.bits <= last.bits { continue }
            while hull.count > 1, !isConvex(hull[hull.count - 2], hull[hull.count - 1], rung) {
                hull.removeLast()
            }
            hull.append(rung)
        }
        return hull
    }

    private static func isConvex(_ first: MeasuredRung, _ middle: MeasuredRung, _ last: MeasuredRung) -> Bool
    {
        let before = (first.mse - middle.mse) * (last.bits - middle.bits)
        let after = (middle.mse - last.mse) * (middle.bits - first.bits)
        return before > after
    }

    /// Leaves out rungs whose mse lies less than a share below the one before, and more where there are too many.
    /// The cheapest and the best rung stay.
    static func thin(_ rungs: [MeasuredRung], leastImprovement: Double) -> [MeasuredRung] {
        var share = leastImprovement
        while true {
            var kept: [MeasuredRung] = []
            for rung in rungs where kept.last.map({ rung.mse <= (1 - share) * $0.mse }) ?? true {
                kept.append(rung)
            }
            if let best = rungs.last, let last = kept.last, best.bits > last.bits {
                if kept.count > 1 { kept.removeLast() }
                kept.append(best)
            }
            if kept.count <= Ladder.maximumRungs { return kept }
            share *= 1.1
        }
    }
}
