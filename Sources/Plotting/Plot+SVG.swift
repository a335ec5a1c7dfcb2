extension Plot {
    /// The picture as an SVG document.
    ///
    /// The text depends on nothing but the plot, so that equal plots give equal bytes. Colours follow the
    /// viewer's light or dark scheme; a viewer that knows no schemes shows the light one.
    ///
    /// - Complexity: O(values of all series)
    public func svg() -> String {
        var drawing = PlotDrawing(plot: self)
        return drawing.document()
    }
}
