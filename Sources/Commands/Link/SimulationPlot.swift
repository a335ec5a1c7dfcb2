import LinkSimulation
import Plotting

/// The picture of a simulation.
enum SimulationPlot {
    /// Capacity and use, rung, age and distortion over time.
    static func plot(_ result: SimulationResult, deadline: Duration, title: String) -> Plot {
        let course = result.course
        let end = course.last.map { $0.time + $0.length } ?? 1
        func points(_ value: (SimulationMoment) -> Double?) -> [Series.Point] {
            course.map { Series.Point(x: $0.time, y: value($0) ?? .nan) }
        }
        let deadlineMilliseconds =
            Double(deadline.components.seconds) * 1e3
            + Double(deadline.components.attoseconds) / 1e15
        let ages = course.map {
            Series.Interval(x: $0.time, lower: $0.medianAge ?? .nan, upper: $0.highAge ?? .nan)
        }
        let highest = course.compactMap(\.highAge).max() ?? 0
        let onTime = DecimalText.fixed(result.onTimeFraction * 100, places: 1)
        return Plot(
            title: title,
            subtitle: "\(onTime) % of \(result.framesOffered) frames within "
                + "\(DecimalText.fixed(deadlineMilliseconds, places: 0)) ms",
            horizontal: Axis("time (s)", range: 0...max(end, 1e-3)),
            panels: [
                Panel(
                    vertical: Axis("rate (kbit/s)", scale: .logarithmic),
                    series: [
                        Series("link capacity", .area(points { $0.capacity / 1e3 }), color: .gray),
                        Series("carried", .steps(points { $0.carried / 1e3 }), color: .blue),
                    ]),
                Panel(
                    vertical: Axis("mean rung", includesZero: true),
                    series: [Series("", .steps(points(\.rung)), color: .orange)], height: 110),
                Panel(
                    vertical: Axis(
                        "age at arrival (ms)",
                        range: 0...max(min(highest, 5 * deadlineMilliseconds), deadlineMilliseconds * 1.2)),
                    series: [
                        Series("p50 to p95", .band(ages), color: .green),
                        Series("p50", .line(points(\.medianAge)), color: .green),
                        Series(
                            "deadline",
                            .line([
                                .init(x: 0, y: deadlineMilliseconds), .init(x: end, y: deadlineMilliseconds),
                            ]),
                            color: .red),
                    ]),
                Panel(
                    vertical: Axis("SNR of frames on time (dB)", includesZero: true),
                    series: [Series("", .steps(points(\.snr)), color: .purple)], height: 110),
            ])
    }
}
