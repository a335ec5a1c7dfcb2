/// A family of quantizers: frames to codes and back at the rungs of a ladder.
///
/// Frames are normalized and concatenated, `shape.dimension` values each. The codes of a frame are token-major:
/// `code[token · symbolsPerToken + symbol]`. Codes and decoded values are the same, to the bit, on every machine.
public protocol Quantizer: Sendable {
    /// The shape of the frames.
    var shape: FrameShape { get }

    /// The rungs.
    var ladder: Ladder { get }

    /// The number of values that each code of a token may have at a rung, in the codes' order.
    func alphabets(rung: Int) -> [Int]

    /// Working memory for `encode` of this quantizer and its copies, to be made once and used for any rung.
    func makeScratch() -> QuantizerScratch

    /// Finds the codes of one or more frames and returns their summed squared error, in normalized units.
    /// The codes go to the front of `codes`; traps where they do not fit. Values that are not finite give some
    /// codes. Allocates nothing.
    @discardableResult
    func encode(
        _ normalized: Span<Float>, rung: Int, into codes: inout MutableSpan<UInt16>,
        scratch: inout QuantizerScratch
    ) -> Double

    /// Rebuilds the frames that codes stand for, at the front of `normalized`; traps where they do not fit, and
    /// where a code is outside its alphabet. Allocates nothing.
    func decode(_ codes: Span<UInt16>, rung: Int, into normalized: inout MutableSpan<Float>)
}

extension Quantizer {
    /// Codes of one token at a rung.
    public func symbolsPerToken(rung: Int) -> Int { ladder.rungs[rung].sizes.count }

    /// Codes of one frame at a rung.
    public func symbolsPerFrame(rung: Int) -> Int { shape.tokens * symbolsPerToken(rung: rung) }
}
