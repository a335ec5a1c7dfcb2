/// How adapted codebooks are made.
public enum AdaptationMethod: String, Sendable, CaseIterable {
    /// Differentiable k-means on the base codewords, weighted by use, from the Ward tree's cut; needs no frames.
    case dkm

    /// Dedicated k-means on what training frames leave to the stage; the bar that the others are held against.
    case kmeans

    /// Whether the method needs training frames.
    public var needsFrames: Bool { self == .kmeans }

    /// The names of all methods, for messages.
    public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
