/// The least severe messages that a service logs.
public enum LogLevel: String, Sendable, Hashable, CaseIterable {
    /// Every step; for development.
    case trace
    /// What helps to find a fault.
    case debug
    /// Start, stop, and what changes on the link.
    case info
    /// What an operator may want to look at.
    case notice
    /// What works worse than it should.
    case warning
    /// What does not work.
    case error
    /// What ends the service.
    case critical
}
