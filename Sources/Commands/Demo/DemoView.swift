import Plotting

/// The demo as it runs: redrawn in place on a terminal, a line each second in a pipe.
struct DemoView {
    private let script: DemoScript
    private let isTerminal = Console.outputIsTerminal
    private let hasColor = Console.outputHasColor
    private var drawnLines = 0

    init(script: DemoScript) {
        self.script = script
    }

    /// Shows the newest sample.
    mutating func show(_ record: DemoRecord) throws {
        guard let sample = record.samples.last else { return }
        if isTerminal {
            let lines = screen(record, sample)
            let up = drawnLines > 0 ? "\u{1B}[\(drawnLines)A" : ""
            drawnLines = lines.count
            try Console.output(up + lines.map { "\u{1B}[2K" + $0 }.joined(separator: "\n"))
        } else if record.samples.count.isMultiple(of: DemoRecord.samplesPerSecond) {
            try Console.output(line(record, sample))
        }
    }

    /// Leaves the last view where it is.
    mutating func finish() {
        drawnLines = 0
    }

    private func line(_ record: DemoRecord, _ sample: DemoRecord.Sample) -> String {
        let phase = script.phase(at: sample.time - 0.01)
        let rungs = sample.status.streams.map { "\($0.name) \($0.rung)" }.joined(separator: ", ")
        let carried = DecimalText.fixed(record.carried(lastSecondBefore: record.samples.count - 1), places: 0)
        let time = DecimalText.fixed(sample.time, places: 0)
        return "\(time) s  \(phase.name): \(carried) of \(phase.kilobitsPerSecond) kbit/s used"
            + "  rungs: \(rungs)  \(sample.status.explanation)"
    }

    private func screen(_ record: DemoRecord, _ sample: DemoRecord.Sample) -> [String] {
        let phase = script.phase(at: sample.time - 0.01)
        let isBad = phase.kilobitsPerSecond < script.phases[0].kilobitsPerSecond
        let seconds = stride(
            from: DemoRecord.samplesPerSecond - 1, to: record.samples.count, by: DemoRecord.samplesPerSecond)
        let highest = Double(script.phases.map(\.kilobitsPerSecond).max() ?? 1)
        let used = Sparkline.text(
            seconds.map { record.carried(lastSecondBefore: $0) }, range: 1...highest, scale: .logarithmic)
        let offered = Sparkline.text(
            seconds.map { Double(script.phase(at: record.samples[$0].time - 0.01).kilobitsPerSecond) },
            range: 1...highest, scale: .logarithmic)
        let carried = DecimalText.fixed(record.carried(lastSecondBefore: record.samples.count - 1), places: 0)
        var lines = [
            "",
            bold("second \(Int(sample.time)) of \(script.seconds): ")
                + colored("\(phase.name), \(phase.kilobitsPerSecond) kbit/s", isBad ? 33 : 32),
            "offered  \(offered)",
            "used     \(used) \(carried) kbit/s",
        ]
        for stream in sample.status.streams {
            let bar =
                String(repeating: "■", count: stream.rung + 1)
                + String(repeating: "·", count: max(0, stream.rungs - stream.rung - 1))
            let name = stream.name + String(repeating: " ", count: max(0, 10 - stream.name.count))
            let dropped = stream.framesDropped.values.reduce(0, +)
            lines.append(
                "\(name) rung \(colored(bar, 36))  \(stream.framesSent) of \(stream.framesOffered) frames sent, \(dropped) dropped"
            )
        }
        lines.append("agent: \(sample.status.explanation)")
        return lines
    }

    private func bold(_ text: String) -> String {
        hasColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }

    private func colored(_ text: String, _ color: Int) -> String {
        hasColor ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text
    }
}
