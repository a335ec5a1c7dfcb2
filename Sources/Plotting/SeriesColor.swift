/// The colours of series: told apart by colour-blind readers, and readable on light and on dark ground.
public enum SeriesColor: String, Sendable, CaseIterable {
    case blue, orange, green, purple, red, teal, gray

    /// The colour on a light ground.
    var onLight: String {
        switch self {
        case .blue: "#1f6feb"
        case .orange: "#d9680a"
        case .green: "#1a8450"
        case .purple: "#8250df"
        case .red: "#cf222e"
        case .teal: "#0b8693"
        case .gray: "#7a8794"
        }
    }

    /// The colour on a dark ground.
    var onDark: String {
        switch self {
        case .blue: "#6cb0ff"
        case .orange: "#ffa657"
        case .green: "#56d98f"
        case .purple: "#c49bff"
        case .red: "#ff7b72"
        case .teal: "#4fd1dc"
        case .gray: "#94a1ae"
        }
    }
}
