internal import Quantization

/// Walks over the blocks of a data packet's body. Allocates nothing.
public struct BlockReader: Sendable {
    /// The low 24 bits of the tick that the packet was sent at.
    public let sendTick: UInt32

    private var reader: ByteReader
    private var previousStream: UInt16?

    /// The largest step or distance in zigzag form: any that two ticks can have, and sums of 64 never overflow.
    static let maximumOffset: UInt64 = 1 << 47

    /// Reads what is before the first block.
    public init(body: RawSpan) throws(WireError) {
        reader = ByteReader(body)
        let high: UInt8 = try reader.byte(body)
        let low: UInt16 = try reader.integer(body)
        sendTick = UInt32(high) << 16 | UInt32(low)
    }

    /// The next block, nil at the end. `body` must be the same bytes each time.
    public mutating func next(in body: RawSpan) throws(WireError) -> Block? {
        guard reader.remaining > 0 else { return nil }
        let first = try reader.byte(body)
        let (stream, flags) = try streamAndFlags(first, in: body)
        let sequence = try sequence(flags, in: body)
        let age = try age(flags, in: body)
        var timing = BlockTiming(age: age, hasJitter: flags.contains(.jitter))
        var frameCount = 1
        if flags.contains(.severalFrames) {
            frameCount = Int(try reader.byte(body))
            guard 2...PacketLimits.maximumFramesPerBlock ~= frameCount else {
                throw WireError(.outOfRange, at: reader.offset - 1)
            }
            timing.step = Varint.unzigzag(try reader.varint(body, maximum: Self.maximumOffset))
        }
        let jitterStart = reader.offset
        if timing.hasJitter {
            for _ in 1..<frameCount { _ = try reader.varint(body, maximum: Self.maximumOffset) }
        }
        let jitter = jitterStart..<reader.offset
        var bundle: UInt16?
        if flags.contains(.bundle) {
            bundle = UInt16(truncatingIfNeeded: try reader.varint(body, maximum: UInt64(UInt16.max)))
        }
        let tokens = flags.contains(.tokens) ? try tokens(in: body) : nil
        let isLast = first & BlockHeader.First.last != 0
        let length = isLast ? reader.remaining : Int(try reader.varint(body, maximum: UInt64(UInt16.max)))
        let payload = try reader.skip(length)
        previousStream = stream
        let header = BlockHeader(
            stream: stream, rung: Int(first >> BlockHeader.First.rungShift),
            coding: first & BlockHeader.First.uniform != 0 ? .uniform : .tables, sequence: sequence,
            timing: timing, frameCount: frameCount, bundle: bundle, tokens: tokens)
        return Block(header: header, payload: payload, jitter: jitter)
    }

    private mutating func streamAndFlags(
        _ first: UInt8, in body: RawSpan
    ) throws(WireError) -> (UInt16, BlockHeader.Flags) {
        guard first & BlockHeader.First.streamFollows != 0 else {
            guard let stream = BlockHeader.impliedStream(after: previousStream) else {
                throw WireError(.outOfRange, at: reader.offset - 1)
            }
            return (stream, [])
        }
        let byte = try reader.byte(body)
        var stream = UInt16(byte & ~BlockHeader.StreamByte.extended)
        if stream == UInt16(BlockHeader.StreamByte.escape) {
            stream = try reader.integer(body)
            guard stream >= UInt16(BlockHeader.StreamByte.escape) else {
                throw WireError(.outOfRange, at: reader.offset - 2)
            }
        }
        guard byte & BlockHeader.StreamByte.extended != 0 else { return (stream, []) }
        let flags = BlockHeader.Flags(rawValue: try reader.byte(body))
        guard !flags.isEmpty, flags.isSubset(of: .all),
            !flags.contains(.jitter) || flags.contains(.severalFrames),
            !flags.contains(.tokens) || !flags.contains(.severalFrames)
        else { throw WireError(.reservedBits, at: reader.offset - 1) }
        return (stream, flags)
    }

    private mutating func sequence(
        _ flags: BlockHeader.Flags, in body: RawSpan
    ) throws(WireError) -> BlockSequence {
        guard flags.contains(.fullSequence) else { return .low(try reader.byte(body)) }
        return .full(try reader.varint(body, maximum: PacketLimits.maximumSequence - 1))
    }

    private mutating func age(_ flags: BlockHeader.Flags, in body: RawSpan) throws(WireError) -> Int64 {
        let start = reader.offset
        let magnitude = Int64(try reader.varint(body, maximum: UInt64(Tick.limit)))
        guard flags.contains(.negativeAge) else { return magnitude }
        guard magnitude > 0 else { throw WireError(.outOfRange, at: start) }
        return -magnitude
    }

    private mutating func tokens(in body: RawSpan) throws(WireError) -> Range<Int> {
        let maximum = UInt64(FrameShape.maximumDimension)
        let first = Int(try reader.varint(body, maximum: maximum))
        let start = reader.offset
        let count = Int(try reader.varint(body, maximum: maximum))
        guard count > 0 else { throw WireError(.outOfRange, at: start) }
        return first..<first + count
    }
}
