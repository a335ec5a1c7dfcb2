public import Bundles
public import Quantization

/// An `.idx` file: the coded blocks of a series of frames at one rung.
///
/// Little-endian: the magic `WEIRIDX` and the version byte 1; the bundle's identity (32 bytes); the rung (u32); the number
/// of frames (u64); then a block for every 64 frames, the last one for the rest: a u32 whose lowest bit is the block's
/// coding and whose other bits are the payload's byte count, and the payload.
public struct IndexFile: Sendable, Hashable {
    /// Frames of each block but the last.
    public static let framesPerBlock = 64

    /// The most values (frames × dimension) that are decoded: 4 GiB. Blocks may be almost empty, so that the file's size
    /// bounds nothing.
    public static let mostValues = 1 << 30

    private static let magic = Array("WEIRIDX".utf8) + [1]
    private static let headerCount = 8 + BundleIdentity.byteCount + 4 + 8

    /// One coded block.
    public struct Block: Sendable, Hashable {
        /// How the payload is coded.
        public var coding: BlockCoding
        /// The payload.
        public var payload: [UInt8]
    }

    /// The bundle that the frames were encoded with.
    public let identity: BundleIdentity

    /// The rung.
    public let rung: Int

    /// The number of frames.
    public let frameCount: Int

    /// The blocks in order.
    public let blocks: [Block]

    /// Encodes frames at a rung. Traps unless the frames have the bundle's dimension and the ladder has the rung.
    public init(encoding frames: FrameArray, at rung: Int, with bundle: Bundle) {
        precondition(frames.shape.dimension == bundle.codec.dimension, "frames of the bundle's dimension")
        identity = bundle.identity
        self.rung = rung
        frameCount = frames.count
        var blocks: [Block] = []
        var encoder = FrameEncoder(
            codec: bundle.codec, maximumFramesPerBlock: max(1, min(Self.framesPerBlock, frames.count)))
        let dimension = bundle.codec.dimension
        for first in stride(from: 0, to: frames.count, by: Self.framesPerBlock) {
            let last = min(first + Self.framesPerBlock, frames.count)
            encoder.quantize(
                frames.values.span.extracting(first * dimension..<last * dimension), count: last - first,
                rung: rung)
            let block = encoder.code()
            let payload = encoder.withPayload { bytes in bytes.indices.map { bytes[$0] } }
            blocks.append(Block(coding: block.coding, payload: payload))
        }
        self.blocks = blocks
    }

    /// Takes a file's bytes apart. Every byte is accounted for; memory is bounded by the file's size.
    public init(parsing bytes: [UInt8]) throws(IndexFileError) {
        guard bytes.count >= Self.headerCount, bytes.starts(with: Self.magic) else { throw .notAnIndexFile }
        var offset = Self.magic.count
        func integer(_ width: Int) -> UInt64 {
            defer { offset += width }
            return (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
        }
        let identityBytes = Array(bytes[offset..<offset + BundleIdentity.byteCount])
        identity = unsafe BundleIdentity(bytes: identityBytes.span.bytes)
        offset += BundleIdentity.byteCount
        rung = Int(integer(4))
        let count = integer(8)
        let blockCount =
            count / UInt64(Self.framesPerBlock) + (count % UInt64(Self.framesPerBlock) == 0 ? 0 : 1)
        guard blockCount <= UInt64(bytes.count - offset) / 4 else {
            throw .truncated(offset: bytes.count, frames: count)
        }
        frameCount = Int(count)
        var blocks: [Block] = []
        for _ in 0..<Int(blockCount) {
            guard bytes.count - offset >= 4 else { throw .truncated(offset: bytes.count, frames: count) }
            let head = integer(4)
            let byteCount = Int(head >> 1)
            guard bytes.count - offset >= byteCount else {
                throw .truncated(offset: bytes.count, frames: count)
            }
            blocks.append(
                Block(
                    coding: head & 1 == 0 ? .tables : .uniform,
                    payload: Array(bytes[offset..<offset + byteCount])))
            offset += byteCount
        }
        guard offset == bytes.count else { throw .trailingBytes(offset: offset, count: bytes.count - offset) }
        self.blocks = blocks
    }

    /// The file's bytes.
    public func serialized() -> [UInt8] {
        var bytes = Self.magic + identity.bytes
        func append(_ value: UInt64, width: Int) {
            for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))) }
        }
        append(UInt64(rung), width: 4)
        append(UInt64(frameCount), width: 8)
        for block in blocks {
            append(UInt64(block.payload.count) << 1 | UInt64(block.coding.rawValue), width: 4)
            bytes += block.payload
        }
        return bytes
    }

    /// Rebuilds the frames with the bundle that they were encoded with.
    public func decode(with bundle: Bundle) throws(IndexFileError) -> FrameArray {
        guard identity == bundle.identity else {
            throw .otherBundle(file: "\(identity)", given: "\(bundle.identity)")
        }
        let dimension = bundle.codec.dimension
        guard frameCount <= Self.mostValues / dimension else {
            throw .tooManyValues(frames: frameCount, dimension: dimension)
        }
        var decoder = FrameDecoder(codec: bundle.codec, maximumFramesPerBlock: Self.framesPerBlock)
        var values: [Float] = []
        for (index, block) in blocks.enumerated() {
            let count = min(Self.framesPerBlock, frameCount - index * Self.framesPerBlock)
            var frames: [Float] = Array(repeating: 0, count: count * dimension)
            var span = frames.mutableSpan
            do throws(BlockError) {
                try unsafe decoder.decode(
                    payload: block.payload.span.bytes, coding: block.coding, rung: rung, frameCount: count,
                    into: &span)
            } catch {
                throw .block(index, error)
            }
            values += frames
        }
        return FrameArray(shape: bundle.codec.shape, values: values)
    }
}
