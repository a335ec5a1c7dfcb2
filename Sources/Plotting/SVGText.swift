/// Text of an SVG document under construction: elements, escaping, coordinates.
struct SVGText {
    /// The text so far.
    private(set) var text = ""

    /// Appends a line as it is.
    mutating func line(_ content: String) {
        text += content
        text += "\n"
    }

    /// Appends a text element; `attributes` are written as they are, `content` is escaped.
    mutating func label(_ content: String, x: Double, y: Double, attributes: String) {
        line(
            "<text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" \(attributes)>"
                + SVGText.escaped(content) + "</text>")
    }

    /// Appends a rectangle; `attributes` are written as they are.
    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, attributes: String) {
        line(
            "<rect x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" width=\"\(SVGText.number(width))\""
                + " height=\"\(SVGText.number(height))\"\(attributes.isEmpty ? "" : " ")\(attributes)/>")
    }

    /// Appends a straight line.
    mutating func segment(x1: Double, y1: Double, x2: Double, y2: Double, attributes: String) {
        line(
            "<path d=\"M\(SVGText.number(x1)) \(SVGText.number(y1))L\(SVGText.number(x2)) \(SVGText.number(y2))\""
                + " \(attributes)/>")
    }

    /// A coordinate with a tenth of a pixel.
    static func number(_ value: Double) -> String {
        DecimalText.shortest(value, places: 1)
    }

    /// The text with what means something to XML replaced, and what XML cannot hold left out.
    static func escaped(_ content: String) -> String {
        var result = ""
        for scalar in content.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text in lines of about this many pixels, broken at spaces.
    static func lines(of content: String, width: Double, fontSize: Double) -> [String] {
        var lines: [String] = []
        for word in content.split(separator: " ") {
            if let last = lines.last, estimatedWidth("\(last) \(word)", fontSize: fontSize) <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// About how many pixels the text is wide at this font size; no font is measured.
    static func estimatedWidth(_ content: String, fontSize: Double) -> Double {
        Double(content.count) * fontSize * 0.56
    }
}
