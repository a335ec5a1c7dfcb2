import LinkSimulation

/// What was seen while the demo ran.
struct DemoRecord {
    /// How often is looked.
    static let samplesPerSecond = 4

    /// One look.
    struct Sample {
        /// Seconds from the start.
        let time: Double
        /// What the agent said.
        let status: AgentView
        /// What the link carried since the look before, in kbit/s.
        let carried: Double
    }

    /// When the script started, in nanoseconds since 1970.
    let start: Int64
    /// The looks so far.
    private(set) var samples: [Sample] = []
    private var carriedBytes: UInt64 = 0

    init(start: Int64) {
        self.start = start
    }

    /// Notes a look.
    mutating func append(status: AgentView, counters: LinkCounters) {
        let bytes = counters.deliveredBytes - carriedBytes
        carriedBytes = counters.deliveredBytes
        let rate = Double(Self.samplesPerSecond)
        samples.append(
            Sample(
                time: Double(samples.count + 1) / rate, status: status,
                carried: Double(bytes) * 8 * rate / 1_000))
    }

    /// What the link carried in the last second before sample `index`, in kbit/s.
    func carried(lastSecondBefore index: Int) -> Double {
        let window = samples[max(0, index + 1 - Self.samplesPerSecond)...index]
        return window.reduce(0) { $0 + $1.carried } / Double(window.count)
    }
}
