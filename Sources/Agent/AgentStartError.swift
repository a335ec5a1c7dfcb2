/// Why the agent cannot start: its settings, or what they name, are wrong.
public struct AgentStartError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line for each thing that is wrong.
    public let description: String

    init(_ problem: some CustomStringConvertible) {
        description = problem.description
    }
}
