import ServiceHost
import Testing

@Suite struct MetricsTests {
    @Test func textIsWhatPrometheusReads() {
        let registry = MetricsRegistry()
        let late = registry.counter(
            "weir_frames_dropped_total", help: "Frames dropped.",
            labels: ["stream": "press-7", "reason": "late"])
        let full = registry.counter(
            "weir_frames_dropped_total", help: "Frames dropped.",
            labels: ["stream": "a\"b\\c\nd", "reason": "full"])
        let delay = registry.gauge("weir_link_queue_delay_seconds", help: "Delay in\nqueues: a\\b.")
        registry.addSource {
            [
                MetricFamily(
                    gauge: "weir_link_rate_bits_per_second", help: "Rate.",
                    samples: [MetricSample(1_000_000), MetricSample(["direction": "down"], .infinity)]),
                MetricFamily(
                    counter: "weir_frames_dropped_total", help: "Frames dropped.",
                    samples: [MetricSample(["stream": "x", "reason": "age"], 7)]),
            ]
        }
        late.add()
        late.add(41)
        full.add(9_007_199_254_740_993)
        delay.set(0.0125)
        let expected = #"""
            # HELP weir_frames_dropped_total Frames dropped.
            # TYPE weir_frames_dropped_total counter
            weir_frames_dropped_total{stream="press-7",reason="late"} 42
            weir_frames_dropped_total{stream="a\"b\\c\nd",reason="full"} 9007199254740992
            weir_frames_dropped_total{stream="x",reason="age"} 7
            # HELP weir_link_queue_delay_seconds Delay in\nqueues: a\\b.
            # TYPE weir_link_queue_delay_seconds gauge
            weir_link_queue_delay_seconds 0.0125
            # HELP weir_link_rate_bits_per_second Rate.
            # TYPE weir_link_rate_bits_per_second gauge
            weir_link_rate_bits_per_second 1000000
            weir_link_rate_bits_per_second{direction="down"} +Inf

            """#
        #expect(registry.prometheusText() == expected)
    }

    @Test(arguments: [
        (Double.nan, "NaN"), (-Double.infinity, "-Inf"), (-3, "-3"), (1e300, "1e+300"), (0.1, "0.1"),
    ])
    func numbers(value: Double, text: String) {
        let family = MetricFamily(gauge: "g", help: "h", samples: [MetricSample(value)])
        #expect(PrometheusText.render([family]) == "# HELP g h\n# TYPE g gauge\ng \(text)\n")
    }

    @Test func aCounterIsNamedAsOne() async {
        await #expect(processExitsWith: .failure) {
            _ = MetricFamily(counter: "weir_frames", help: "", samples: [])
        }
        await #expect(processExitsWith: .failure) {
            _ = MetricFamily(gauge: "weir-frames", help: "", samples: [])
        }
    }
}
