/// All that is wrong in a settings file, in the order of the file.
public struct SettingsErrors: Error, Sendable, CustomStringConvertible {
    /// At least one diagnostic, sorted by position.
    public let diagnostics: [SettingsDiagnostic]

    /// Creates the error from diagnostics in any order.
    public init(_ diagnostics: [SettingsDiagnostic]) {
        precondition(!diagnostics.isEmpty, "an error without a diagnostic says nothing")
        let start = SourcePosition(line: 0, column: 0)
        self.diagnostics = diagnostics.enumerated()
            .sorted { left, right in
                let first = left.element.position ?? start
                let second = right.element.position ?? start
                return first == second ? left.offset < right.offset : first < second
            }
            .map(\.element)
    }

    /// Creates the error for a file that cannot be read at all.
    init(file: String, message: String) {
        self.init([SettingsDiagnostic(file: file, position: nil, key: nil, message: message)])
    }

    /// One line for each diagnostic.
    public var description: String {
        diagnostics.map(\.description).joined(separator: "\n")
    }
}
