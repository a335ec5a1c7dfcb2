/// An interval of the horizontal axis that is shaded through all panels, with its name above them.
public struct Highlight: Sendable, Equatable {
    /// The name that stands above the interval.
    public var label: String
    /// The interval, in the units of the horizontal axis.
    public var interval: ClosedRange<Double>

    /// Names an interval.
    public init(_ label: String, over interval: ClosedRange<Double>) {
        self.label = label
        self.interval = interval
    }
}
