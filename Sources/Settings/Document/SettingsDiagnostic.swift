/// One thing that is wrong in a settings file.
public struct SettingsDiagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file's path as the user gave it.
    public var file: String
    /// Where it is wrong; nil when it concerns the file as a whole.
    public var position: SourcePosition?
    /// The full key, such as `stream[0].bundle`; nil when no key is concerned.
    public var key: String?
    /// What is wrong and what is allowed.
    public var message: String

    /// Creates a diagnostic.
    public init(file: String, position: SourcePosition?, key: String?, message: String) {
        self.file = file
        self.position = position
        self.key = key
        self.message = message
    }

    /// `file:line:column: key: message`, without the parts that there are not.
    public var description: String {
        var text = file
        if let position { text += ":\(position.line):\(position.column)" }
        if let key { text += ": \(key)" }
        return text + ": \(message)"
    }
}
