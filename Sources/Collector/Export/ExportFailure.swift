/// Why an export cannot be done.
public struct ExportFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what is allowed, in one line.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
