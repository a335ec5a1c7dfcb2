private import CTOML

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// A parsed settings file: its root table, with the position of every key and value.
struct TOMLDocument {
    let root: TOMLTable

    /// Parses the bytes of `file`; the name is for messages only.
    ///
    /// Any bytes give a document or an error: at most 1 MiB, 65,536 values and 16 levels are read.
    init(parsing bytes: [UInt8], file: String) throws(SettingsErrors) {
        let parsed = unsafe bytes.withUnsafeBytes { buffer in
            // The library wants a pointer even for no bytes.
            if let base = buffer.baseAddress {
                unsafe weir_toml_parse(base, buffer.count)
            } else {
                unsafe weir_toml_parse("", 0)
            }
        }
        guard let document = unsafe parsed else {
            throw SettingsErrors(file: file, message: "not enough memory to read the file")
        }
        defer { unsafe weir_toml_free(document) }
        var line: UInt32 = 0
        var column: UInt32 = 0
        if let message = unsafe weir_toml_error(document, &line, &column) {
            let position = SourcePosition(line: max(1, Int(line)), column: max(1, Int(column)))
            // It may quote what stands in the file.
            let text = unsafe String(cString: message).printable
            throw SettingsErrors([
                SettingsDiagnostic(file: file, position: position, key: nil, message: text)
            ])
        }
        root = unsafe Self.rootTable(of: document)
    }

    /// Builds the tree from the flat list, last node first: children come after their parents, so each
    /// node finds its own children complete. O(nodes).
    private static func rootTable(of document: OpaquePointer) -> TOMLTable {
        let count = unsafe weir_toml_node_count(document)
        var children: [[TOMLEntry]] = Array(repeating: [], count: count)
        for index in (1..<max(1, count)).reversed() {
            let node = unsafe weir_toml_node_at(document, index)
            let entry = unsafe TOMLEntry(
                key: text(node.key, node.key_length),
                keyPosition: SourcePosition(line: Int(node.key_line), column: Int(node.key_column)),
                element: element(of: node, children: children[index].reversed()))
            children[index] = []
            unsafe children[node.parent].append(entry)
        }
        let entries = children.first.map { Array($0.reversed()) } ?? []
        return TOMLTable(entries: entries, position: SourcePosition(line: 1, column: 1))
    }

    private static func element(of node: weir_toml_node, children: [TOMLEntry]) -> TOMLElement {
        let position = unsafe SourcePosition(line: Int(node.line), column: Int(node.column))
        let value: TOMLValue =
            switch unsafe node.kind {
            case WEIR_TOML_TABLE: .table(TOMLTable(entries: children, position: position))
            case WEIR_TOML_ARRAY: .array(children.map(\.element))
            case WEIR_TOML_STRING: unsafe .string(text(node.text, node.text_length))
            case WEIR_TOML_INTEGER: unsafe .integer(node.integer)
            case WEIR_TOML_FLOAT: unsafe .float(node.number)
            case WEIR_TOML_BOOLEAN: unsafe .boolean(node.integer != 0)
            default: .time
            }
        return TOMLElement(value: value, position: position)
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
        guard let start = unsafe start else { return "" }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
