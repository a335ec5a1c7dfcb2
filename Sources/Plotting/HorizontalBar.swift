/// A bar of block characters in a line of a terminal.
public enum HorizontalBar {
    private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// A bar of a share of `width` characters, to an eighth of a character: from none for 0 or what is not a number to
    /// all of them for 1.
    public static func text(_ share: Double, width: Int) -> String {
        precondition(width >= 0 && width <= 10_000, "a line has up to 10,000 characters")
        guard share > 0 else { return "" }
        let units = Int((min(share, 1) * Double(width) * 8).rounded())
        let rest = units % 8
        return String(repeating: "█", count: units / 8) + (rest == 0 ? "" : String(eighths[rest - 1]))
    }
}
