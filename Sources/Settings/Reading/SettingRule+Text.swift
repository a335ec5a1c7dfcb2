extension SettingRule where Value == String {
    /// A name of a gateway or a stream: it goes into packets, metrics and file names.
    static var name: SettingRule {
        let allowed = "1 to 64 letters, digits, or any of . _ - (ASCII, beginning with a letter or digit)"
        return SettingRule(allowed: allowed) { (value) throws(SettingProblem) in
            let text = try string(value)
            let isAllowed = text.utf8.allSatisfy { byte in
                isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            }
            guard isAllowed, (1...64).contains(text.utf8.count), let first = text.utf8.first,
                isAlphanumeric(first)
            else {
                throw SettingProblem("\(quoted(text)) is not a name")
            }
            return text
        }
    }

    /// An absolute path of a file or directory.
    static var path: SettingRule { path(maximumBytes: 4095) }

    /// An absolute path that fits into a Unix socket address.
    static var socketPath: SettingRule { path(maximumBytes: 107) }

    private static func path(maximumBytes: Int) -> SettingRule {
        SettingRule(allowed: "an absolute path of at most \(maximumBytes) bytes") {
            (value) throws(SettingProblem) in
            let text = try string(value)
            guard text.utf8.first == UInt8(ascii: "/") else {
                throw SettingProblem("\(quoted(text)) is not an absolute path")
            }
            guard text.utf8.count <= maximumBytes else { throw SettingProblem("\(quoted(text)) is too long") }
            guard !text.utf8.contains(0) else { throw SettingProblem("\(quoted(text)) contains a zero byte") }
            return text
        }
    }
}

extension SettingRule where Value == UInt32 {
    /// Permission bits of a socket file as an octal string. The owner must be able to connect.
    static var mode: SettingRule {
        SettingRule(allowed: "an octal string from \"0600\" to \"0666\"") { (value) throws(SettingProblem) in
            let text = try string(value)
            let isOctal = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
            guard isOctal, (3...4).contains(text.utf8.count), let mode = UInt32(text, radix: 8),
                mode & 0o600 == 0o600, mode & ~0o666 == 0
            else {
                throw SettingProblem("\(quoted(text)) is not a socket's mode")
            }
            return mode
        }
    }
}

extension SettingRule where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words of an enumeration.
    static var choice: SettingRule {
        let words = Value.allCases.map(\.rawValue)
        return SettingRule(allowed: words.map(quoted).joined(separator: ", ")) {
            (value) throws(SettingProblem) in
            let text = try string(value)
            guard let choice = Value(rawValue: text) else {
                let hint = closest(to: text, among: words).map { "; did you mean \(quoted($0))?" } ?? ""
                throw SettingProblem("\(quoted(text)) is unknown\(hint)")
            }
            return choice
        }
    }
}

/// The text of a string value.
func string(_ value: TOMLValue) throws(SettingProblem) -> String {
    guard case .string(let text) = value else { throw SettingProblem("is \(value.kindName)") }
    return text
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}
