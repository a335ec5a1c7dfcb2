/// Where the values of loaded settings stand in their file, so that what is found out later (an address
/// that resolves elsewhere, a bundle of another dimension) is reported with its line and column too.
public struct SettingsSource: Sendable, Hashable {
    /// The file's path as the user gave it.
    public let file: String
    private let positions: [String: SourcePosition]

    init(file: String, positions: [String: SourcePosition]) {
        self.file = file
        self.positions = positions
    }

    /// A diagnostic about the value of `key`, a full key such as `stream[0].bundle`; a key that the file
    /// leaves to its default is reported without a position.
    public func diagnostic(_ key: String, _ message: String) -> SettingsDiagnostic {
        SettingsDiagnostic(file: file, position: positions[key], key: key, message: message)
    }
}
