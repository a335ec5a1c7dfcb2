/// What is wrong with the description of a link: a rate, a schedule or a trace.
public struct LinkDescriptionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, where, and what is allowed, in one line.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
