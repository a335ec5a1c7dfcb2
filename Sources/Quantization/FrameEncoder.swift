internal import EntropyCoding

/// Turns frames of one stream into blocks: `quantize` some frames, then `code` them.
///
/// All memory is allocated in `init`.
public struct FrameEncoder: ~Copyable {
    /// What frames are encoded with.
    public let codec: FrameCodec

    /// The most frames that `quantize` takes.
    public let maximumFramesPerBlock: Int

    /// Mean squared error per dimension of the frames last quantized, in the stream's own units squared.
    public private(set) var mse: Double = 0

    /// Frames last quantized.
    public private(set) var frameCount = 0

    /// The rung of the frames last quantized.
    public private(set) var rung = 0

    private var scratch: QuantizerScratch
    private var normalized: [Float]
    private var codes: [UInt16]
    private var tableEncoder: RangeEncoder
    private var uniformEncoder: RangeEncoder
    private var coding = BlockCoding.tables
    private let memo: CodeMemo?

    /// Creates an encoder. Traps unless `maximumFramesPerBlock` is positive and the memo, if there is one, is for
    /// codes of `codec`.
    public init(codec: FrameCodec, maximumFramesPerBlock: Int, memo: CodeMemo? = nil) {
        precondition(maximumFramesPerBlock > 0, "a block has at least one frame")
        precondition(memo?.serves(codec) ?? true, "the memo keeps codes of the codec")
        self.codec = codec
        self.memo = memo
        self.maximumFramesPerBlock = maximumFramesPerBlock
        let symbols = codec.maximumSymbols(frames: maximumFramesPerBlock)
        // No symbol takes more than 16 bits, and the end of a message no more than a byte.
        let capacity = 2 * symbols + 1
        scratch = codec.residual.makeScratch()
        normalized = Array(repeating: 0, count: maximumFramesPerBlock * codec.dimension)
        codes = Array(repeating: 0, count: symbols)
        tableEncoder = RangeEncoder(capacity: capacity)
        uniformEncoder = RangeEncoder(capacity: capacity)
    }

    /// Codes of the frames last quantized: frame by frame, token by token, stage by stage.
    public func withCodes<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt16>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(codes.span.extracting(first: frameCount * codec.residual.symbolsPerFrame(rung: rung)))
    }

    /// Finds the codes of frames and keeps them for `code`.
    ///
    /// - Parameters:
    ///   - frames: `count × dimension` finite values, in the stream's own units.
    ///   - count: 1...`maximumFramesPerBlock`.
    ///   - rung: An index in the codec's ladder.
    public mutating func quantize(_ frames: Span<Float>, count: Int, rung: Int) {
        precondition(1...maximumFramesPerBlock ~= count, "a block has 1...maximumFramesPerBlock frames")
        precondition(codec.ladder.rungs.indices ~= rung, "the ladder has no such rung")
        let dimension = codec.dimension
        precondition(frames.count == count * dimension, "frames of the codec's dimension")
        self.frameCount = count
        self.rung = rung
        let squaredError =
            if let memo {
                quantize(frames, count: count, with: memo)
            } else {
                quantize(frames, count: count)
            }
        let scale = Double(codec.normalization.scale)
        mse = squaredError * scale * scale / Double(count * dimension)
    }

    /// Codes the frames last quantized, or a part of them, as one block's payload.
    ///
    /// The payload is at most `codec.maximumPayload(rung:frames:tokens:)` bytes long: where the rung's tables
    /// take more than the nominal bits, and uniform frequencies take less, these are used.
    ///
    /// - Parameters:
    ///   - frames: Some of the frames last quantized; all without it.
    ///   - tokens: Some of each frame's tokens; all without it.
    public mutating func code(frames: Range<Int>? = nil, tokens: Range<Int>? = nil) -> CodedBlock {
        let frames = frames ?? 0..<frameCount
        let tokens = tokens ?? 0..<codec.shape.tokens
        precondition(
            !frames.isEmpty && frames.lowerBound >= 0 && frames.upperBound <= frameCount, "such frames")
        precondition(
            !tokens.isEmpty && tokens.lowerBound >= 0 && tokens.upperBound <= codec.shape.tokens,
            "such tokens")
        coding = .tables
        let withTables = codeWithTables(frames: frames, tokens: tokens)
        let nominalBits = codec.ladder.rungs[rung].nominalBits(tokens: tokens.count) * Double(frames.count)
        if Double(8 * withTables) > nominalBits {
            let uniformly = codeUniformly(frames: frames, tokens: tokens)
            if uniformly < withTables {
                coding = .uniform
                return CodedBlock(coding: .uniform, byteCount: uniformly)
            }
        }
        return CodedBlock(coding: .tables, byteCount: withTables)
    }

    /// The payload of the block last coded.
    public func withPayload<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch coding {
        case .tables: try tableEncoder.withBytes(body)
        case .uniform: try uniformEncoder.withBytes(body)
        }
    }
}

extension FrameEncoder {
    /// Finds the codes of frames; returns their squared error in normalized units.
    private mutating func quantize(_ frames: Span<Float>, count: Int) -> Double {
        codec.normalization.normalize(frames, into: &normalized)
        return codec.residual.encode(
            normalized, frameCount: count, rung: rung, into: &codes, scratch: &scratch)
    }

    /// As `quantize`, for one frame after another, and only for those that the memo does not know.
    private mutating func quantize(_ frames: Span<Float>, count: Int, with memo: CodeMemo) -> Double {
        let symbols = codec.residual.symbolsPerFrame(rung: rung)
        var squaredError = 0.0
        // From the last frame on, for a frame is quantized to the front.
        for frame in (0..<count).reversed() {
            let values = frames.extracting(frame * codec.dimension..<(frame + 1) * codec.dimension)
            let key = CodeMemo.Key(frame: values, rung: rung)
            if let known = memo.recall(key, symbols: symbols, into: &codes, at: frame * symbols) {
                squaredError += known
                continue
            }
            let error = quantize(values, count: 1)
            memo.keep(codes.span.extracting(first: symbols), squaredError: error, as: key)
            for index in 0..<symbols { codes[frame * symbols + index] = codes[index] }
            squaredError += error
        }
        return squaredError
    }

    private mutating func codeWithTables(frames: Range<Int>, tokens: Range<Int>) -> Int {
        let groups = codec.tables[rung]
        let symbols = codec.residual.symbolsPerToken(rung: rung)
        tableEncoder.reset()
        for frame in frames {
            let first = frame * codec.shape.tokens * symbols
            for token in tokens {
                encodeToken(
                    at: first + token * symbols, with: groups[codec.residual.group(ofToken: token)])
            }
        }
        return tableEncoder.finish()
    }

    /// By a span, since to take each table out of an array would count references for each symbol.
    private mutating func encodeToken(at start: Int, with tables: [FrequencyTable]) {
        let tables = tables.span
        for symbol in tables.indices {
            tableEncoder.encode(Int(codes[start + symbol]), with: tables[symbol])
        }
    }

    private mutating func codeUniformly(frames: Range<Int>, tokens: Range<Int>) -> Int {
        let sizes = codec.ladder.rungs[rung].sizes
        uniformEncoder.reset()
        for frame in frames {
            let first = frame * codec.shape.tokens * sizes.count
            for token in tokens {
                for symbol in sizes.indices {
                    let code = Int(codes[first + token * sizes.count + symbol])
                    uniformEncoder.encodeUniform(code, of: sizes[symbol])
                }
            }
        }
        return uniformEncoder.finish()
    }
}
