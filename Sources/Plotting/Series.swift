/// One named set of values, drawn as one kind of mark in one colour.
public struct Series: Sendable {
    /// One value at one place of the horizontal axis.
    public struct Point: Sendable, Equatable {
        /// The place on the horizontal axis.
        public var x: Double
        /// The value. One that is not finite is a gap: the line stops there and starts anew.
        public var y: Double

        /// Makes a point.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// An interval of values at one place of the horizontal axis.
    public struct Interval: Sendable, Equatable {
        /// The place on the horizontal axis.
        public var x: Double
        /// The lower end. An interval with an end that is not finite is a gap.
        public var lower: Double
        /// The upper end.
        public var upper: Double

        /// Makes an interval.
        public init(x: Double, lower: Double, upper: Double) {
            self.x = x
            self.lower = lower
            self.upper = upper
        }
    }

    /// The kinds of marks, each with its values in the order of the horizontal axis.
    public enum Marks: Sendable, Equatable {
        /// Points joined by straight lines.
        case line([Point])
        /// Each value holds until the next point.
        case steps([Point])
        /// Like `steps`, with the area down to the lower edge filled.
        case area([Point])
        /// Points joined by straight lines, with a dot for each.
        case lineWithDots([Point])
        /// A dot for each value.
        case dots([Point])
        /// The area between two values.
        case band([Interval])
    }

    /// The name in the legend; empty keeps the series out of it.
    public var name: String
    /// The values and how they are drawn.
    public var marks: Marks
    /// The colour of the marks.
    public var color: SeriesColor

    /// Describes a series.
    public init(_ name: String, _ marks: Marks, color: SeriesColor) {
        self.name = name
        self.marks = marks
        self.color = color
    }
}
