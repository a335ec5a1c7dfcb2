#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A progress bar on standard error: drawn on a terminal, silent in a pipe.
public struct ProgressBar {
    private let shown: Bool
    private var drawn = ""

    /// Makes a bar that draws only if standard error is a terminal.
    public init() {
        shown = Console.messagesAreTerminal
    }

    /// Draws the bar for a fraction from 0 to 1 with the name of the work that goes on.
    public mutating func update(_ fraction: Double, _ label: String) {
        guard shown else { return }
        let width = 30
        let filled = Int((min(max(fraction, 0), 1) * Double(width)).rounded(.down))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let line = "[\(bar)] \(Int(min(max(fraction, 0), 1) * 100)) % \(label)"
        guard line != drawn else { return }
        drawn = line
        _ = Console.writeRaw("\r\u{1B}[2K\(line)", to: STDERR_FILENO)
    }

    /// Wipes the bar away.
    public mutating func finish() {
        guard shown, !drawn.isEmpty else { return }
        drawn = ""
        _ = Console.writeRaw("\r\u{1B}[2K", to: STDERR_FILENO)
    }
}
