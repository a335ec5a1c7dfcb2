/// What stops a command because the world is wrong: a file, a value, a peer. Printed as one message; exit status 1.
///
/// Bad use of the command line is ArgumentParser's `ValidationError` (exit status 2); every other error that leaves
/// a command is a bug of ours (exit status 70).
public struct CommandFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, where, and what is allowed, in one line without a final full stop.
    public let description: String

    /// Makes a failure from a complete message.
    public init(_ description: String) {
        self.description = description
    }

    /// Makes a failure about a file: `path: what is wrong`. A message that already begins with the path is kept.
    public init(path: String, _ problem: some CustomStringConvertible) {
        let text = problem.description
        self.description = text.hasPrefix(path + ":") ? text : "\(path): \(text)"
    }
}
