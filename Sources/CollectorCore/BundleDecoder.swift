internal import Bundles
internal import Quantization
internal import WireFormat

/// The decoder of one bundle, shared by all streams that use it, and room for the frames of one block.
final class BundleDecoder {
    let identity: BundleIdentity
    let shape: FrameShape
    let rungCount: Int
    let maximumFramesPerBlock: Int

    private var decoder: FrameDecoder
    private var values: [Float]

    var dimension: Int { shape.dimension }

    init(identity: BundleIdentity, codec: FrameCodec) {
        self.identity = identity
        shape = codec.shape
        rungCount = codec.ladder.rungs.count
        maximumFramesPerBlock = PacketLimits.maximumFramesPerBlock(dimension: codec.dimension)
        decoder = FrameDecoder(codec: codec, maximumFramesPerBlock: maximumFramesPerBlock)
        values = []
    }

    /// Decodes a block of whole frames; `withFrame` gives them.
    func decode(_ block: Block, in body: RawSpan) throws(BlockError) {
        if values.isEmpty {
            values = Array(repeating: 0, count: maximumFramesPerBlock * dimension)
        }
        let header = block.header
        var all = values.mutableSpan
        var frames = all._mutatingExtracting(first: header.frameCount * dimension)
        try decoder.decode(
            payload: body.extracting(block.payload), coding: header.coding, rung: header.rung,
            frameCount: header.frameCount, tokens: nil, into: &frames)
    }

    /// Decodes a part of one frame into its place in the frame's values.
    func decode(_ block: Block, in body: RawSpan, into values: inout [Float]) throws(BlockError) {
        var frame = values.mutableSpan
        try decoder.decode(
            payload: body.extracting(block.payload), coding: block.header.coding, rung: block.header.rung,
            frameCount: 1, tokens: block.header.tokens, into: &frame)
    }

    /// Calls `body` with a frame of the block last decoded.
    func withFrame(_ index: Int, _ body: (Span<Float>) -> Void) {
        // A reference of its own, so that no access to the object is open during the call.
        let values = values
        body(values.span.extracting(index * dimension..<(index + 1) * dimension))
    }
}
