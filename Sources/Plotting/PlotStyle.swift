/// The style sheet of every plot.
enum PlotStyle {
    /// The `<style>` element. The dark rules come last, so that viewers without colour schemes skip them.
    static let sheet: String = {
        var lines = [
            "<style>",
            "text{font-family:Inter,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif;font-size:12px;fill:#24292f}",
            ".headline{font-size:18px;font-weight:600}",
            ".heading{font-weight:600}",
            ".faint,.tick{fill:#57606a}",
            ".note{fill:#9a5b00}",
            ".ground{fill:#ffffff;stroke:#d0d7de}",
            ".grid{stroke:#e4e8ec;stroke-width:1;fill:none}",
            ".axis{stroke:#8c959f;stroke-width:1;fill:none}",
            ".highlight{fill:#ffb000;fill-opacity:0.12}",
            ".stroke{fill:none;stroke-width:1.8;stroke-linejoin:round}",
            ".dots{fill:none;stroke-width:5;stroke-linecap:round}",
            ".fill{fill-opacity:0.22;stroke:none}",
        ]
        for color in SeriesColor.allCases {
            lines.append(".\(color.rawValue){stroke:\(color.onLight)}")
            lines.append(".\(color.rawValue)-fill{fill:\(color.onLight)}")
        }
        lines += [
            "@media (prefers-color-scheme:dark){",
            "text{fill:#e6edf3}",
            ".faint,.tick{fill:#9da7b1}",
            ".note{fill:#f0b849}",
            ".ground{fill:#0d1117;stroke:#30363d}",
            ".grid{stroke:#21262d}",
            ".axis{stroke:#6e7681}",
            ".highlight{fill-opacity:0.10}",
        ]
        for color in SeriesColor.allCases {
            lines.append(".\(color.rawValue){stroke:\(color.onDark)}")
            lines.append(".\(color.rawValue)-fill{fill:\(color.onDark)}")
        }
        lines += ["}", "</style>"]
        return lines.joined(separator: "\n")
    }()
}
