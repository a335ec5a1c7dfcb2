/// Samples of one metric, told apart by their labels.
public struct MetricFamily: Sendable, Equatable {
    /// What a metric's values mean.
    public enum Kind: String, Sendable {
        /// Only grows, from 0 at the start of the process.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// The name, in base units: `weir_agent_frames_total`, `weir_link_round_trip_seconds`.
    public let name: String
    /// One sentence for whoever reads the metrics.
    public let help: String
    /// What the values mean.
    public let kind: Kind
    /// The samples.
    public var samples: [MetricSample]

    /// Creates the family of a counter; its name must end in `_total`.
    public init(counter name: String, help: String, samples: [MetricSample]) {
        precondition(name.hasSuffix("_total"), "the name of a counter ends in _total")
        self.init(name: name, help: help, kind: .counter, samples: samples)
    }

    /// Creates the family of a gauge; its name must not end in `_total`.
    public init(gauge name: String, help: String, samples: [MetricSample]) {
        precondition(!name.hasSuffix("_total"), "only the name of a counter ends in _total")
        self.init(name: name, help: help, kind: .gauge, samples: samples)
    }

    private init(name: String, help: String, kind: Kind, samples: [MetricSample]) {
        precondition(name.isMetricName, "a metric's name has only lower-case letters, digits and _")
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }
}

/// One value of a metric.
public struct MetricSample: Sendable, Equatable {
    /// A label with its value.
    struct Label: Sendable, Hashable {
        let name: String
        let value: String
    }

    let labels: [Label]
    /// The value.
    public let value: Double

    /// Creates a sample; label names must be of lower-case letters, digits and `_`, values may be anything.
    public init(_ labels: KeyValuePairs<String, String>, _ value: Double) {
        self.labels = labels.map { Label(name: $0.key, value: $0.value) }
        self.value = value
        precondition(self.labels.allSatisfy { $0.name.isMetricName }, "a label's name is like a metric's")
    }

    /// Creates a sample without labels.
    public init(_ value: Double) {
        self.init(labels: [], value: value)
    }

    init(labels: [Label], value: Double) {
        self.labels = labels
        self.value = value
    }
}

extension String {
    /// Lower-case letters, digits and `_`, not beginning with a digit.
    fileprivate var isMetricName: Bool {
        guard let first = utf8.first, !(0x30...0x39).contains(first) else { return false }
        return utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}
