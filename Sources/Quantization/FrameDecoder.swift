internal import EntropyCoding

/// Turns blocks of one stream back into frames.
///
/// All memory is allocated in `init`.
public struct FrameDecoder: ~Copyable {
    /// What blocks are decoded with.
    public let codec: FrameCodec

    /// The most frames of a block.
    public let maximumFramesPerBlock: Int

    // Of one frame.
    private var codes: [UInt16]
    private var normalized: [Float]

    /// Creates a decoder. Traps unless `maximumFramesPerBlock` is positive.
    public init(codec: FrameCodec, maximumFramesPerBlock: Int) {
        precondition(maximumFramesPerBlock > 0, "a block has at least one frame")
        self.codec = codec
        self.maximumFramesPerBlock = maximumFramesPerBlock
        codes = Array(repeating: 0, count: codec.maximumSymbols(frames: 1))
        normalized = Array(repeating: 0, count: codec.dimension)
    }

    /// Decodes a block from outside. Any payload gives some frames or an error; what is right about it only
    /// the packet's authentication tells.
    ///
    /// - Parameters:
    ///   - payload: Exactly the payload's bytes.
    ///   - coding: How the encoder coded them.
    ///   - rung: The block's rung.
    ///   - frameCount: Frames in the block.
    ///   - tokens: Tokens of each frame in the block; all without it.
    ///   - frames: Room for exactly `frameCount × dimension` values (traps otherwise). Only those of `tokens`
    ///     are written, so that the parts of a large frame can be decoded into one place.
    /// - Complexity: O(frames × tokens × stages × tokenDimension)
    public mutating func decode(
        payload: RawSpan, coding: BlockCoding, rung: Int, frameCount: Int, tokens: Range<Int>? = nil,
        into frames: inout MutableSpan<Float>
    ) throws(BlockError) {
        let tokens = tokens ?? 0..<codec.shape.tokens
        try validate(payload: payload, rung: rung, frameCount: frameCount, tokens: tokens)
        precondition(frames.count == frameCount * codec.dimension, "room for exactly the block's frames")
        let groups = codec.tables[rung]
        let tokenDimension = codec.shape.tokenDimension
        let range = tokens.lowerBound * tokenDimension..<tokens.upperBound * tokenDimension
        var decoder = RangeDecoder()
        decoder.start(payload)
        for frame in 0..<frameCount {
            var index = 0
            for token in tokens {
                decodeToken(
                    with: groups[codec.residual.group(ofToken: token)], coding: coding, from: payload,
                    using: &decoder, at: &index)
            }
            codec.residual.decode(codes, tokens: tokens, rung: rung, into: &normalized)
            codec.normalization.denormalize(
                normalized.span, range: range, into: &frames, at: frame * codec.dimension)
        }
    }

    /// By a span, since to take each table out of an array would count references for each symbol.
    private mutating func decodeToken(
        with tables: [FrequencyTable], coding: BlockCoding, from payload: RawSpan,
        using decoder: inout RangeDecoder, at index: inout Int
    ) {
        let tables = tables.span
        for symbol in tables.indices {
            let code =
                switch coding {
                case .tables: decoder.decode(with: tables[symbol], from: payload)
                case .uniform: decoder.decodeUniform(of: tables[symbol].symbolCount, from: payload)
                }
            codes[index] = UInt16(code)
            index += 1
        }
    }

    private func validate(
        payload: RawSpan, rung: Int, frameCount: Int, tokens: Range<Int>
    ) throws(BlockError) {
        guard codec.ladder.rungs.indices ~= rung else {
            throw .unknownRung(rung, rungs: codec.ladder.rungs.count)
        }
        guard 1...maximumFramesPerBlock ~= frameCount else {
            throw .frameCount(frameCount, maximum: maximumFramesPerBlock)
        }
        guard !tokens.isEmpty, tokens.lowerBound >= 0, tokens.upperBound <= codec.shape.tokens else {
            throw .tokenRange(tokens, tokens: codec.shape.tokens)
        }
        let maximum = codec.maximumPayload(rung: rung, frames: frameCount, tokens: tokens.count)
        guard payload.byteCount <= maximum else {
            throw .payloadTooLong(payload.byteCount, maximum: maximum)
        }
    }
}
