/// One coordinate system of a plot: a vertical axis and the series drawn against it.
public struct Panel: Sendable {
    /// The vertical axis; its label is the panel's heading.
    public var vertical: Axis
    /// The series, drawn in this order, so that the last one lies on top.
    public var series: [Series]
    /// The height of the drawing area in pixels.
    public var height: Double

    /// Describes a panel.
    public init(vertical: Axis, series: [Series], height: Double = 150) {
        precondition(height >= 40 && height <= 4_000, "a panel is 40 to 4,000 pixels high")
        self.vertical = vertical
        self.series = series
        self.height = height
    }
}
