public import EntropyCoding

/// All that encoding and decoding a stream needs: normalization, quantizer and probability tables. Immutable.
public struct FrameCodec: Sendable {
    /// What frames are normalized by.
    public let normalization: Normalization

    /// The quantizer as what it is; for what stores and trains it. Everything else uses `quantizer`.
    public let residual: ResidualQuantizer

    /// The quantizer. Stored, since to box it anew at each use would allocate.
    public let quantizer: any Quantizer

    /// The probability tables, `tables[rung][token group][symbol of a token]`.
    public var tables: [[[FrequencyTable]]] { residual.tables }

    /// The shape of the frames.
    public var shape: FrameShape { residual.shape }

    /// Values of a frame.
    public var dimension: Int { shape.dimension }

    /// The rungs.
    public var ladder: Ladder { residual.ladder }

    /// Creates a codec. Traps unless the normalization has the frames' dimension.
    public init(normalization: Normalization, quantizer: ResidualQuantizer) {
        precondition(
            normalization.mean.count == quantizer.shape.dimension, "a normalization has a mean for each value"
        )
        self.normalization = normalization
        self.residual = quantizer
        self.quantizer = quantizer
    }

    /// The most bytes that a block's payload takes: whole bytes of its nominal bits, and one more.
    public func maximumPayload(rung: Int, frames: Int, tokens: Int) -> Int {
        let bits = Double(frames) * ladder.rungs[rung].nominalBits(tokens: tokens)
        // The sum of logarithms may come out a hair low, and the range coder's divisions cost a hair more.
        return Int(bits / 8 + 1e-6) + 1
    }

    /// The most symbols of a block of so many whole frames at any rung.
    func maximumSymbols(frames: Int) -> Int {
        let symbolsPerToken = ladder.rungs.map(\.sizes.count).max() ?? 0
        return frames * shape.tokens * symbolsPerToken
    }
}
