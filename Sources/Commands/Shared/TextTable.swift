/// Rows of text in aligned columns: the first to the left, the others to the right.
struct TextTable {
    private var rows: [[String]]

    /// A table with these headings.
    init(columns: [String]) {
        rows = [columns]
    }

    /// Appends a row, which has as many cells as there are columns.
    mutating func append(_ row: [String]) {
        precondition(row.count == rows[0].count, "a row has a cell for each column")
        rows.append(row)
    }

    /// The table, a line for each row, without spaces at line ends.
    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                line += column == 0 ? cell + space : "  " + space + cell
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
