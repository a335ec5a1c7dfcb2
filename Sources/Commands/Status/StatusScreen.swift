/// Lays a status document out on one screen: scalars first, a line or two for each object, a table for each
/// array of objects. Units are taken from the ends of the keys.
enum StatusScreen {
    private static let width = 100
    private static let margin = 14
    /// What stands before the rest, which is in alphabetic order.
    private static let firstKeys = [
        "gateway", "name", "phase", "state", "explanation", "verdict", "rung", "rungs", "link", "upstream",
        "packets",
        "ingest", "sessions", "streams", "frames_offered", "frames_sent", "frames_acknowledged",
        "frames_pending",
        "frames_dropped",
    ]

    /// The screen, without a final newline.
    static func render(_ document: StatusValue) -> String {
        guard case .object(let members) = document else { return text("", document) }
        let keys = ordered(members.keys)
        var lines: [String] = []
        for key in keys {
            guard let value = members[key], value.isScalar else { continue }
            lines.append(padded(label(key)) + text(key, value))
        }
        for key in keys {
            switch members[key] {
            case .object(let fields): lines += section(key, fields)
            case .array(let elements): lines += table(key, elements)
            default: break
            }
        }
        return lines.joined(separator: "\n")
    }

    /// `label value` pairs after the section's name, broken where the line is full.
    private static func section(_ key: String, _ fields: [String: StatusValue]) -> [String] {
        var lines: [String] = []
        var line = padded(label(key))
        for field in ordered(fields.keys) {
            let item = "\(label(field)) \(text(field, fields[field] ?? .nothing))"
            if line.count > margin, line.count + 2 + item.count > width {
                lines.append(line)
                line = padded("")
            }
            line += (line.count > margin ? ", " : "") + item
        }
        return lines + [fields.isEmpty ? line + "none" : line]
    }

    private static func table(_ key: String, _ elements: [StatusValue]) -> [String] {
        let rows = elements.map { element in
            if case .object(let fields) = element { fields } else { ["value": element] }
        }
        guard !rows.isEmpty else { return [padded(label(key)) + "none"] }
        // An identity is of use to programs only; they read the JSON.
        let columns = ordered(Set(rows.flatMap(\.keys)).subtracting(["bundle"]))
        let headings = columns.map { label($0.hasPrefix("frames_") ? String($0.dropFirst(7)) : $0) }
        var table = TextTable(columns: headings)
        for row in rows { table.append(columns.map { text($0, row[$0] ?? .nothing) }) }
        return ["", label(key), table.text]
    }

    /// A value as one cell.
    private static func text(_ key: String, _ value: StatusValue) -> String {
        switch value {
        case .nothing: return "-"
        case .truth(let truth): return truth ? "yes" : "no"
        case .text(let text): return text.filter { !$0.isNewline }
        case .number(let number): return StatusUnits.format(key, number)
        case .array(let elements): return elements.map { text(key, $0) }.joined(separator: " ")
        case .object(let fields):
            // Counters by reason: what has not happened needs no room.
            let shown = ordered(fields.keys).filter {
                if case .number(0) = fields[$0] { false } else { true }
            }
            return shown.isEmpty
                ? "0"
                : shown.map { "\(label($0)) \(text($0, fields[$0] ?? .nothing))" }.joined(separator: " ")
        }
    }

    private static func ordered(_ keys: some Sequence<String>) -> [String] {
        keys.sorted { rank($0) == rank($1) ? $0 < $1 : rank($0) < rank($1) }
    }

    private static func rank(_ key: String) -> Int { firstKeys.firstIndex(of: key) ?? firstKeys.count }

    private static func label(_ key: String) -> String {
        StatusUnits.name(key).map { $0 == "_" ? " " : String($0) }.joined()
    }

    private static func padded(_ label: String) -> String {
        label + String(repeating: " ", count: max(1, margin - label.count))
    }
}
