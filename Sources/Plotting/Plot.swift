/// A picture of one or more panels, one above the other, that share the horizontal axis.
public struct Plot: Sendable {
    /// The headline.
    public var title: String
    /// One line under the headline; empty for none.
    public var subtitle: String
    /// The axis that all panels share; its label stands under the last panel.
    public var horizontal: Axis
    /// The panels, from top to bottom.
    public var panels: [Panel]
    /// Intervals of the horizontal axis that are shaded in every panel.
    public var highlights: [Highlight]
    /// What a reader has to know besides, under the picture in as many lines as it takes; empty for none.
    public var note: String
    /// The width of the picture in pixels.
    public var width: Double

    /// Describes a picture; ``svg()`` draws it.
    public init(
        title: String,
        subtitle: String = "",
        horizontal: Axis,
        panels: [Panel],
        highlights: [Highlight] = [],
        note: String = "",
        width: Double = 960
    ) {
        precondition(!panels.isEmpty, "a plot has at least one panel")
        precondition(width >= 320 && width <= 10_000, "a plot is 320 to 10,000 pixels wide")
        self.title = title
        self.subtitle = subtitle
        self.horizontal = horizontal
        self.panels = panels
        self.highlights = highlights
        self.note = note
        self.width = width
    }
}
