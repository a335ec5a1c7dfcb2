/// Whether the tokens of a frame share their codebooks.
public enum TokenCodebooks: String, Sendable, CaseIterable {
    /// Whichever quantizes held-out frames better; see ``BundleTrainer``.
    case automatic = "auto"

    /// One set of codebooks and tables for all tokens.
    case shared

    /// One set for each token: tokens that mean different things, such as the sensors of one machine.
    case own

    /// The names, for messages.
    public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
