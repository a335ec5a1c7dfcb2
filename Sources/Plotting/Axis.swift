/// What an axis shows and how values are laid out on it.
public struct Axis: Sendable, Equatable {
    /// How values become positions.
    public enum Scale: Sendable, Equatable {
        /// Equal differences are equally far apart.
        case linear
        /// Equal ratios are equally far apart; values that are not positive lie on the lower edge.
        case logarithmic
    }

    /// The quantity and its unit.
    public var label: String
    /// How values become positions.
    public var scale: Scale
    /// The values at the two ends; `nil` takes them from the data, rounded out to the next tick.
    public var range: ClosedRange<Double>?
    /// Whether a range taken from the data is stretched to reach zero (linear axes only).
    public var includesZero: Bool
    /// Whether ticks stand at whole numbers only, for counts and indices.
    public var wholeNumbers: Bool

    /// Describes an axis.
    public init(
        _ label: String,
        scale: Scale = .linear,
        range: ClosedRange<Double>? = nil,
        includesZero: Bool = false,
        wholeNumbers: Bool = false
    ) {
        if let range {
            precondition(
                abs(range.lowerBound) <= 1e12 && abs(range.upperBound) <= 1e12, "an axis ends at ±10¹²")
            precondition(range.lowerBound < range.upperBound, "an axis covers more than one value")
            precondition(scale == .linear || range.lowerBound >= 1e-9, "a logarithmic axis starts at 10⁻⁹")
        }
        self.label = label
        self.scale = scale
        self.range = range
        self.includesZero = includesZero
        self.wholeNumbers = wholeNumbers
    }
}
