/// A bundle's rungs, cheapest first.
public struct Ladder: Sendable, Equatable {
    /// The most rungs: a block header has five bits for them.
    public static let maximumRungs = 32

    /// The rungs, 1...32, in ascending order of `codedBitsPerFrame`.
    public let rungs: [Rung]

    /// Creates a ladder. Traps unless the rungs are valid.
    public init(rungs: [Rung]) {
        precondition(Self.isValid(rungs), "a ladder has 1...32 rungs, cheapest first")
        self.rungs = rungs
    }

    /// Whether rungs make a ladder: 1...32 of them, cheapest first, with finite figures; for rungs from outside.
    public static func isValid(_ rungs: [Rung]) -> Bool {
        1...maximumRungs ~= rungs.count
            && rungs.allSatisfy { $0.codedBitsPerFrame.isFinite && $0.codedBitsPerFrame >= 0 }
            && rungs.allSatisfy { $0.mse.isFinite && $0.mse >= 0 }
            && zip(rungs, rungs.dropFirst()).allSatisfy { $0.codedBitsPerFrame <= $1.codedBitsPerFrame }
    }
}
