import LinkSimulation
import Plotting

/// The figures of `weir link simulate`, as JSON and as a table.
struct SimulationReport: Encodable {
    /// The figures of one run; the keys are a contract with scripts.
    struct Figures: Encodable {
        let onTimeFraction: Double
        let meanSNR: Double
        let deliveredSNR: Double?
        let p50: Double?
        let p95: Double?
        let p99: Double?
        let p95Queue: Double?
        let utilisation: Double
        let switchesPerMinute: Double
        let overheadFraction: Double
        let repairFraction: Double
        let meanRung: Double?
        let framesOffered: Int
        let framesDelivered: Int
        let agentRates: [Double]
        let competingRates: [Double]

        enum CodingKeys: String, CodingKey {
            case onTimeFraction = "on_time_fraction"
            case meanSNR = "mean_snr_db"
            case deliveredSNR = "delivered_snr_db"
            case p50 = "p50_delay_ms"
            case p95 = "p95_delay_ms"
            case p99 = "p99_delay_ms"
            case p95Queue = "p95_queue_delay_ms"
            case utilisation
            case switchesPerMinute = "switches_per_minute"
            case overheadFraction = "overhead_fraction"
            case repairFraction = "repair_fraction"
            case meanRung = "mean_rung"
            case framesOffered = "frames_offered"
            case framesDelivered = "frames_delivered"
            case agentRates = "agent_rates_bits_per_second"
            case competingRates = "competing_rates_bits_per_second"
        }

        init(_ result: SimulationResult) {
            onTimeFraction = result.onTimeFraction
            meanSNR = result.meanSNR
            deliveredSNR = result.deliveredSNR
            p50 = result.delay?.p50
            p95 = result.delay?.p95
            p99 = result.delay?.p99
            p95Queue = result.queueDelay?.p95
            utilisation = result.utilisation
            switchesPerMinute = result.switchesPerMinute
            overheadFraction = result.overheadFraction
            repairFraction = result.repairFraction
            meanRung = result.meanRung
            framesOffered = result.framesOffered
            framesDelivered = result.framesDelivered
            agentRates = result.agentRates
            competingRates = result.competingRates
        }

        /// Every key is there; what could not be measured is null.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(onTimeFraction, forKey: .onTimeFraction)
            try container.encode(meanSNR, forKey: .meanSNR)
            try container.encode(deliveredSNR, forKey: .deliveredSNR)
            try container.encode(p50, forKey: .p50)
            try container.encode(p95, forKey: .p95)
            try container.encode(p99, forKey: .p99)
            try container.encode(p95Queue, forKey: .p95Queue)
            try container.encode(utilisation, forKey: .utilisation)
            try container.encode(switchesPerMinute, forKey: .switchesPerMinute)
            try container.encode(overheadFraction, forKey: .overheadFraction)
            try container.encode(repairFraction, forKey: .repairFraction)
            try container.encode(meanRung, forKey: .meanRung)
            try container.encode(framesOffered, forKey: .framesOffered)
            try container.encode(framesDelivered, forKey: .framesDelivered)
            try container.encode(agentRates, forKey: .agentRates)
            try container.encode(competingRates, forKey: .competingRates)
        }
    }

    let weir: Figures
    let baselines: [String: Figures]

    init(weir: SimulationResult, baselines: [String: SimulationResult]) {
        self.weir = Figures(weir)
        self.baselines = baselines.mapValues(Figures.init)
    }

    /// The figures for people.
    var table: String {
        var table = TextTable(
            columns: [
                "", "on time", "mean SNR", "delivered SNR", "p50", "p95", "p99", "utilisation", "switches",
                "overhead", "repair",
            ])
        for (name, figures) in [("weir", weir)]
            + Self.order.compactMap({ name in baselines[name].map { (name, $0) } })
        {
            table.append([
                name,
                DecimalText.fixed(figures.onTimeFraction * 100, places: 1) + " %",
                DecimalText.fixed(figures.meanSNR, places: 2) + " dB",
                Self.text(figures.deliveredSNR, places: 2, unit: "dB"),
                Self.text(figures.p50, places: 0, unit: "ms"),
                Self.text(figures.p95, places: 0, unit: "ms"),
                Self.text(figures.p99, places: 0, unit: "ms"),
                DecimalText.fixed(figures.utilisation * 100, places: 1) + " %",
                DecimalText.fixed(figures.switchesPerMinute, places: 1) + "/min",
                DecimalText.fixed(figures.overheadFraction * 100, places: 1) + " %",
                DecimalText.fixed(figures.repairFraction * 100, places: 1) + " %",
            ])
        }
        return table.text
    }

    /// The baselines in the table's order.
    private static let order = [
        "fixed_cheapest", "fixed_best", "delay_gradient", "additive_increase", "oracle",
    ]

    private static func text(_ value: Double?, places: Int, unit: String) -> String {
        value.map { DecimalText.fixed($0, places: places) + " " + unit } ?? "–"
    }
}
