/// Why a block cannot be decoded.
public enum BlockError: Error, Hashable {
    /// The codec has no such rung.
    case unknownRung(Int, rungs: Int)

    /// The block has no frame, or more than the decoder takes.
    case frameCount(Int, maximum: Int)

    /// The block's token range is empty or reaches past the frame's tokens.
    case tokenRange(Range<Int>, tokens: Int)

    /// The payload is longer than any payload of so many frames and tokens at this rung.
    case payloadTooLong(Int, maximum: Int)
}

extension BlockError: CustomStringConvertible {
    /// What is wrong and what is allowed.
    public var description: String {
        switch self {
        case .unknownRung(let rung, let rungs):
            "block at rung \(rung): the bundle has rungs 0...\(rungs - 1)"
        case .frameCount(let count, let maximum):
            "block of \(count) frames: 1...\(maximum) are allowed"
        case .tokenRange(let range, let tokens):
            "block of tokens \(range.lowerBound)..<\(range.upperBound): at least one of the frame's \(tokens)"
                + " tokens is needed, and none beyond"
        case .payloadTooLong(let count, let maximum):
            "block payload of \(count) bytes: at most \(maximum) are possible at this rung"
        }
    }
}
