/// The shape of a stream's frames: `tokens` × `tokenDimension` values, each token quantized by itself.
public struct FrameShape: Sendable, Hashable {
    /// The most values of one frame.
    public static let maximumDimension = 1 << 16

    /// Tokens of a frame, at least 1.
    public let tokens: Int

    /// Values of a token, at least 1.
    public let tokenDimension: Int

    /// Values of a frame.
    public var dimension: Int { tokens * tokenDimension }

    /// Creates a shape. Traps unless both numbers are positive and `isValid`.
    public init(tokens: Int = 1, tokenDimension: Int) {
        precondition(
            Self.isValid(tokens: tokens, tokenDimension: tokenDimension),
            "a frame has 1...\(Self.maximumDimension) values in tokens of at least one value")
        self.tokens = tokens
        self.tokenDimension = tokenDimension
    }

    /// Whether a frame may have so many tokens of so many values; for numbers from outside.
    public static func isValid(tokens: Int, tokenDimension: Int) -> Bool {
        let (dimension, overflow) = tokens.multipliedReportingOverflow(by: tokenDimension)
        return tokens > 0 && tokenDimension > 0 && !overflow && dimension <= maximumDimension
    }
}

extension FrameShape: CustomStringConvertible {
    /// `tokens×tokenDimension`.
    public var description: String { "\(tokens)×\(tokenDimension)" }
}
