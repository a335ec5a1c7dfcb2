import Bundles
import LinkSimulation
import Plotting
import Quantization

/// The frames of one stream that arrived, as exported by the collector.
struct DemoFrames {
    /// The stream's name.
    let name: String
    /// One for each frame that arrived.
    let frames: [DemoFrame]
    /// Their values, in the same order.
    let values: FrameArray
}

/// What came out of the demo: a table and a picture.
struct DemoOutcome {
    /// One frame that was taken, and what became of it.
    struct Fate {
        /// Seconds from the script's start to when it was taken.
        let time: Double
        /// The age at arrival in milliseconds.
        let age: Double
        /// The rung.
        let rung: Int
        /// Its mean squared error.
        let mse: Double
    }

    private let script: DemoScript
    private let record: DemoRecord
    private let variance: Double
    private let fates: [[Fate]]

    /// Compares what was sent with what arrived.
    init(script: DemoScript, record: DemoRecord, sent: [FrameArray], arrived: [DemoFrames], bundle: Bundle) {
        self.script = script
        self.record = record
        variance = FrameStatistics.variance(of: sent[0], around: bundle.codec.normalization.mean)
        fates = zip(sent, arrived).map { sent, arrived in
            arrived.frames.indices.map { row in
                let frame = arrived.frames[row]
                return Fate(
                    time: Double(frame.taken - record.start) / 1e9, age: frame.age, rung: frame.rung,
                    mse: FrameStatistics.mse(
                        of: arrived.values, frame: row, against: sent, frame: frame.sequence % sent.count))
            }
        }
    }

    /// One line for each stream.
    var table: String {
        var table = TextTable(
            columns: [
                "stream", "frames", "arrived", "within 200 ms", "mean rung", "SNR", "p50 age", "p95 age",
            ])
        let offered = Demo.frameRate * script.seconds
        for (name, fates) in zip(Demo.streams, fates) {
            let onTime = fates.count { $0.age <= Demo.deadline }
            let count = Double(max(fates.count, 1))
            let mse = fates.reduce(0) { $0 + $1.mse } / count
            let rung = Double(fates.reduce(0) { $0 + $1.rung }) / count
            let ages = fates.map(\.age)
            table.append([
                name, "\(offered)", "\(fates.count)",
                DecimalText.fixed(Double(onTime) / Double(offered) * 100, places: 1) + " %",
                DecimalText.fixed(rung, places: 1),
                DecimalText.fixed(FrameStatistics.snr(mse: mse, variance: variance), places: 1) + " dB",
                DecimalText.fixed(Self.percentile(0.5, of: ages), places: 0) + " ms",
                DecimalText.fixed(Self.percentile(0.95, of: ages), places: 0) + " ms",
            ])
        }
        return table.text
    }

    /// Capacity offered, rung chosen, age and distortion over time.
    func plot() -> Plot {
        let step = 0.5
        let count = Int(Double(script.seconds) / step)
        let times = (0..<count).map { Double($0) * step }
        let all = Self.buckets(fates.joined(), step: step, count: count)
        let colors: [SeriesColor] = [.orange, .purple, .teal]
        let capacity = script.phases.map {
            Series.Point(x: Double($0.start), y: Double($0.kilobitsPerSecond))
        }
        let end = Series.Point(
            x: Double(script.seconds), y: Double(script.phases[script.phases.count - 1].kilobitsPerSecond))
        let carried = record.samples.indices.map {
            Series.Point(x: record.samples[$0].time, y: record.carried(lastSecondBefore: $0))
        }
        let rungs = zip(zip(Demo.streams, colors), fates).map { stream, fates in
            let buckets = Self.buckets(fates, step: step, count: count)
            let points = zip(times, buckets).map { time, fates in
                Series.Point(
                    x: time,
                    y: fates.isEmpty ? .nan : Double(fates.reduce(0) { $0 + $1.rung }) / Double(fates.count))
            }
            return Series(stream.0, .steps(points), color: stream.1)
        }
        let ages = zip(times, all).map { time, fates in
            let ages = fates.map(\.age)
            return Series.Interval(
                x: time + step / 2, lower: Self.percentile(0.5, of: ages),
                upper: Self.percentile(0.95, of: ages))
        }
        let snr = zip(times, all).map { time, fates in
            let mse = fates.reduce(0) { $0 + $1.mse } / Double(max(fates.count, 1))
            return Series.Point(
                x: time, y: fates.isEmpty ? .nan : FrameStatistics.snr(mse: mse, variance: variance))
        }
        let highest = ages.map(\.upper).filter(\.isFinite).max() ?? 0
        let limit = [
            Series.Point(x: 0, y: Demo.deadline), Series.Point(x: Double(script.seconds), y: Demo.deadline),
        ]
        return Plot(
            title: "Three streams through a bad half minute",
            subtitle:
                "\(Demo.frameRate) frames/s each over one link: precision follows what the link carries",
            horizontal: Axis("time (s)", range: 0...Double(script.seconds)),
            panels: [
                Panel(
                    vertical: Axis("link (kbit/s)", scale: .logarithmic, range: 5...200),
                    series: [
                        Series("capacity offered", .area(capacity + [end]), color: .gray),
                        Series("used", .line(carried), color: .blue),
                    ], height: 130),
                Panel(
                    vertical: Axis("rung, mean of half a second", includesZero: true, wholeNumbers: true),
                    series: rungs, height: 130),
                Panel(
                    vertical: Axis(
                        "age at arrival (ms)", range: 0...max(highest * 1.1, Demo.deadline * 1.25)),
                    series: [
                        Series("median to 95th percentile", .band(ages), color: .green),
                        Series("", .line(ages.map { .init(x: $0.x, y: $0.lower) }), color: .green),
                        Series("200 ms", .line(limit), color: .red),
                    ], height: 110),
                Panel(
                    vertical: Axis("SNR of what arrived (dB)", includesZero: true),
                    series: [Series("", .steps(snr), color: .blue)], height: 120),
            ],
            highlights: script.highlights)
    }

    private static func buckets(_ fates: some Sequence<Fate>, step: Double, count: Int) -> [[Fate]] {
        var buckets = [[Fate]](repeating: [], count: count)
        for fate in fates {
            let bucket = Int((fate.time / step).rounded(.down))
            if buckets.indices.contains(bucket) { buckets[bucket].append(fate) }
        }
        return buckets
    }

    /// The percentile by nearest rank; not a number when there are no values.
    private static func percentile(_ fraction: Double, of values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let rank = Int((fraction * Double(values.count)).rounded(.up))
        return values.sorted()[max(rank, 1) - 1]
    }
}
