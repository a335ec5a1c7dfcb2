/// A value of a TOML document.
indirect enum TOMLValue {
    case table(TOMLTable)
    case array([TOMLElement])
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    /// A date, a time, or both; no setting takes one, so its parts are not kept.
    case time

    /// What the value is, for messages: "a string", "an integer".
    var kindName: String {
        switch self {
        case .table: "a table"
        case .array: "an array"
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a number"
        case .boolean: "a boolean"
        case .time: "a date or time"
        }
    }
}

/// A value and where it stands.
struct TOMLElement {
    var value: TOMLValue
    var position: SourcePosition
}

/// One key of a table with its value.
struct TOMLEntry {
    var key: String
    var keyPosition: SourcePosition
    var element: TOMLElement
}

/// A table; its keys are unique.
struct TOMLTable {
    var entries: [TOMLEntry]
    var position: SourcePosition

    /// The entry of `key`. O(number of entries).
    func entry(_ key: String) -> TOMLEntry? {
        entries.first { $0.key == key }
    }
}
