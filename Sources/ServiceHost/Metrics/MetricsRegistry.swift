private import Synchronization

/// A service's metrics: counters and gauges that its parts hold, and sources that are asked for theirs.
public final class MetricsRegistry: Sendable {
    private struct State {
        var series: [(prototype: MetricFamily, sample: @Sendable () -> MetricSample)] = []
        var sources: [@Sendable () -> [MetricFamily]] = []
    }

    private let state = Mutex(State())

    /// Creates an empty registry.
    public init() {}

    /// Registers one counter. Register at the start: series are not removed.
    public func counter(_ name: String, help: String, labels: KeyValuePairs<String, String> = [:])
        -> MetricCounter
    {
        let counter = MetricCounter()
        let family = MetricFamily(counter: name, help: help, samples: [])
        let labels = MetricSample(labels, 0).labels
        add(family) { MetricSample(labels: labels, value: Double(counter.value)) }
        return counter
    }

    /// Registers one gauge. Register at the start: series are not removed.
    public func gauge(_ name: String, help: String, labels: KeyValuePairs<String, String> = [:])
        -> MetricGauge
    {
        let gauge = MetricGauge()
        let family = MetricFamily(gauge: name, help: help, samples: [])
        let labels = MetricSample(labels, 0).labels
        add(family) { MetricSample(labels: labels, value: gauge.value) }
        return gauge
    }

    /// Registers a source of families, asked at each scrape on the scraper's thread.
    public func addSource(_ source: @escaping @Sendable () -> [MetricFamily]) {
        state.withLock { $0.sources.append(source) }
    }

    /// All families by name, samples of one name together.
    public func families() -> [MetricFamily] {
        let (series, sources) = state.withLock { ($0.series, $0.sources) }
        var families: [String: MetricFamily] = [:]
        for (prototype, sample) in series {
            families[prototype.name, default: prototype].samples.append(sample())
        }
        for family in sources.flatMap({ $0() }) {
            if families[family.name] == nil {
                families[family.name] = family
            } else {
                families[family.name]?.samples.append(contentsOf: family.samples)
            }
        }
        return families.values.sorted { $0.name < $1.name }
    }

    /// All families as Prometheus reads them.
    public func prometheusText() -> String {
        PrometheusText.render(families())
    }

    private func add(_ prototype: MetricFamily, _ sample: @escaping @Sendable () -> MetricSample) {
        state.withLock { $0.series.append((prototype, sample)) }
    }
}

/// A count that only grows.
public final class MetricCounter: Sendable {
    private let count = Atomic<UInt64>(0)

    /// The count so far.
    public var value: UInt64 { count.load(ordering: .relaxed) }

    /// Adds to the count.
    public func add(_ increment: UInt64 = 1) {
        count.wrappingAdd(increment, ordering: .relaxed)
    }
}

/// A value that goes up and down.
public final class MetricGauge: Sendable {
    private let bits = Atomic<UInt64>(0)

    /// The last value set, 0 at first.
    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    /// Sets the value.
    public func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }
}
