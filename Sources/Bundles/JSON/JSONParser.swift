/// Why bytes are not JSON, and where.
struct JSONError: Error, Equatable {
    /// Byte offset from the start of the text.
    var offset: Int
    var problem: String
}

/// A strict JSON parser (RFC 8259) for file headers: refuses duplicate keys, deep nesting and anything
/// after the value but spaces, and knows the offset of what it refuses.
struct JSONParser {
    /// How deeply arrays and objects may nest; it bounds the parser's recursion.
    static let deepest = 16

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// The one value that the bytes hold.
    static func parse(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.endIndex else {
            throw parser.error("there is more after the end of the JSON value")
        }
        return value
    }

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= Self.deepest else {
            throw error("more than \(Self.deepest) levels of nesting")
        }
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members: [JSONMember] = []
        var keys: Set<String> = []
        skipSpace()
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            let start = position
            let key = try string()
            guard keys.insert(key).inserted else {
                throw JSONError(offset: start - bytes.startIndex, problem: "the key \"\(key)\" comes twice")
            }
            skipSpace()
            guard take(":") else { throw error("expected a colon") }
            members.append(JSONMember(key, try value(depth: depth + 1)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw error("expected a comma or a closing brace") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return .array([]) }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw error("expected a comma or a closing bracket") }
        return .array(values)
    }

    private mutating func literal(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: text.utf8) else { throw error("expected a JSON value") }
        position += text.utf8.count
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        _ = take("-")
        if !take("0") {
            guard takeDigits() else { throw error("expected a JSON value") }
        }
        if take(".") {
            guard takeDigits() else { throw error("expected a digit") }
        }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard takeDigits() else { throw error("expected a digit") }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func string() throws(JSONError) -> String {
        guard take("\"") else { throw error("expected a string") }
        let start = position
        var decoded: [UInt8] = []
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error("a control character in a string") }
            if byte == UInt8(ascii: "\\") {
                position += 1
                decoded.append(contentsOf: try escape().utf8)
            } else {
                decoded.append(byte)
                position += 1
            }
        }
        guard take("\"") else { throw error("a string without end") }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw JSONError(offset: start - bytes.startIndex, problem: "a string that is not UTF-8")
        }
        return text
    }

    /// The character that follows a backslash.
    private mutating func escape() throws(JSONError) -> String {
        guard let byte = peek() else { throw error("a string without end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            var units = [try codeUnit()]
            if UTF16.isLeadSurrogate(units[0]), take("\\") {
                guard take("u") else { throw error("half a surrogate pair") }
                units.append(try codeUnit())
            }
            guard let text = String(validating: units, as: UTF16.self) else {
                throw error("half a surrogate pair")
            }
            return text
        default: throw error("an unknown escape in a string")
        }
    }

    /// The four hexadecimal digits after `\u`.
    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw error("expected four hexadecimal digits") }
        position += 4
        return unit
    }

    private mutating func skipSpace() {
        while let byte = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            position += 1
        }
    }

    private func peek() -> UInt8? {
        position < bytes.endIndex ? bytes[position] : nil
    }

    private mutating func take(_ character: UnicodeScalar) -> Bool {
        guard peek() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func takeDigits() -> Bool {
        let start = position
        while let byte = peek(), UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
            position += 1
        }
        return position > start
    }

    private func error(_ problem: String) -> JSONError {
        JSONError(offset: position - bytes.startIndex, problem: problem)
    }
}
