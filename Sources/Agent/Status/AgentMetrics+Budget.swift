import LinkControl
import ServiceHost

extension AgentMetrics {
    /// What is left of the byte budget; nothing without one.
    static func budget(_ status: ByteBudgetStatus?) -> [MetricFamily] {
        guard let status else { return [] }
        func samples(_ value: (ByteBudgetStatus.Period) -> Double) -> [MetricSample] {
            status.periods.map { MetricSample(["period": $0.kind.rawValue], value($0)) }
        }
        let second = status.leftInSecond.map { [MetricSample(["period": "second"], Double($0))] } ?? []
        return [
            MetricFamily(
                gauge: "weir_budget_left_bytes",
                help: "Bytes left of a cap, at the IP level, sent and received.",
                samples: second + samples { Double($0.left) }),
            MetricFamily(
                gauge: "weir_budget_used_bytes", help: "Bytes counted in the period.",
                samples: samples { Double($0.used) }),
            MetricFamily(
                gauge: "weir_budget_cap_bytes", help: "Bytes of the cap.", samples: samples { Double($0.cap) }
            ),
            MetricFamily(
                gauge: "weir_budget_rate_bits_per_second", help: "Rate that a cap allows now.",
                samples: samples { $0.rate.bitsPerSecond }),
            MetricFamily(
                gauge: "weir_budget_exhausted", help: "Whether only keep-alives may be sent.",
                samples: [MetricSample([:], status.isExhausted ? 1 : 0)]),
        ]
    }
}
