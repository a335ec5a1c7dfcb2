/// What reading a file has found so far; shared by the readers of its tables.
final class SettingsReport {
    let file: String
    private(set) var diagnostics: [SettingsDiagnostic] = []
    private(set) var positions: [String: SourcePosition] = [:]

    init(file: String) {
        self.file = file
    }

    /// Keeps where the value of a key stands.
    func record(_ key: String, at position: SourcePosition) {
        positions[key] = position
    }

    /// Adds a diagnostic.
    func add(_ key: String, at position: SourcePosition, _ message: String) {
        diagnostics.append(SettingsDiagnostic(file: file, position: position, key: key, message: message))
    }
}
