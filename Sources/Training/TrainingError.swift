import Bundles
import Quantization

/// Why frames or a bundle cannot be trained on or adapted.
public enum TrainingError: Error, Sendable, Hashable {
    /// Fewer vectors (frames × tokens) than codewords.
    case tooFewVectors(vectors: Int, codewords: Int)
    /// A value is NaN or infinite; the first one.
    case notFinite(frame: Int, dimension: Int)
    /// The spread or the mean of the values is too large or too small for float32 arithmetic.
    case spreadOutOfRange
    /// A frame is too far outside a bundle's scale; the first one.
    case outOfRange(frame: Int)
    /// Frames of another shape than the bundle's.
    case otherShape(frames: String, bundle: String)
    /// A codebook size that cannot be made from the base codebook.
    case sizeNotAllowed(size: Int, base: Int, method: String, allowed: String)
    /// A rung that the stages cannot make.
    case rungNotAllowed(rung: String, stages: Int, base: Int)
    /// More tokens than a bundle can hold codebooks of their own for.
    case tooManyOwnTokens(tokens: Int, stages: Int)
    /// More rungs than a ladder holds.
    case tooManyRungs(Int)
    /// The bundle holds no calibration statistics.
    case noStatistics
    /// The method needs training frames.
    case framesNeeded(method: String)
}

extension TrainingError: CustomStringConvertible {
    /// What is wrong and what is allowed, in one line.
    public var description: String {
        switch self {
        case .tooFewVectors(let vectors, let codewords):
            "\(vectors) vectors (frames × tokens) cannot train \(codewords) codewords; a codebook needs at least as"
                + " many vectors as codewords"
        case .notFinite(let frame, let dimension):
            "frame \(frame), dimension \(dimension) is not a finite number; training frames hold finite numbers only"
        case .spreadOutOfRange:
            "the values do not fit float32 arithmetic; their standard deviation must be 1e-18...1e18 and their means"
                + " at most 1e38"
        case .outOfRange(let frame):
            "frame \(frame) is more than \(Normalization.largestNormalizedValue) times the bundle's scale away from"
                + " its mean; were the frames recorded in the same units?"
        case .otherShape(let frames, let bundle):
            "the frames have the shape \(frames), the bundle's frames have \(bundle) (tokens × token dimension)"
        case .sizeNotAllowed(let size, let base, let method, let allowed):
            "\(method) makes no codebook of \(size) from a base codebook of \(base); allowed sizes: \(allowed)"
        case .rungNotAllowed(let rung, let stages, let base):
            "rung \(rung) cannot be made; a rung has 1...\(stages) stages, each of a size in 2...\(base) that"
                + " the bundle has for its stage"
        case .tooManyOwnTokens(let tokens, let stages):
            "\(tokens) tokens cannot have \(stages) stages of codebooks each; a bundle holds so many stages for at most"
                + " \(Bundle.maximumTables / (Ladder.maximumRungs * stages)) tokens, or for all tokens together"
        case .tooManyRungs(let count):
            "\(count) rungs are too many; a ladder has 1...32"
        case .noStatistics:
            "the bundle has no calibration statistics; adaptation needs the trainer's copy of the bundle, or an import"
                + " with --calibrate"
        case .framesNeeded(let method):
            "the method \(method) needs training frames"
        }
    }
}
