public import Quantization

/// What a data packet says about one block before its payload.
///
/// Byte layout (docs/protocol.md has examples):
/// ```
/// byte 0   rung (5 bits) | uniform coding (1) | last block (1) | stream byte follows (1)
/// byte     extended (1) | stream (7; 127: a u16 follows)        only if it is not the previous block's + 1
/// byte     flags                                                only if extended
/// byte     low 8 bits of the sequence                           or the whole as varint, if flagged
/// varint   age of the first frame in ticks
///          frame count, step, jitter; bundle; token range       each only if flagged
/// varint   payload length                                       not in the last block: the rest is its payload
/// ```
public struct BlockHeader: Sendable, Hashable {
    /// The session's number of the stream, from the accept.
    public var stream: UInt16

    /// The ladder's rung that the frames are coded at, 0...31.
    public var rung: Int

    /// How the payload's symbols are coded.
    public var coding: BlockCoding

    /// The number of the first frame; the others follow it.
    public var sequence: BlockSequence

    /// Frames in the block, 1...64.
    public var frameCount: Int

    /// When the frames were taken.
    public var timing: BlockTiming

    /// The session's number of the bundle that the frames are coded with, where it is not the stream's own.
    public var bundle: UInt16?

    /// The tokens that the block has of its only frame, where it has not all of them.
    public var tokens: Range<Int>?

    /// Creates a header.
    public init(
        stream: UInt16, rung: Int, coding: BlockCoding, sequence: BlockSequence, timing: BlockTiming,
        frameCount: Int = 1, bundle: UInt16? = nil, tokens: Range<Int>? = nil
    ) {
        self.stream = stream
        self.rung = rung
        self.coding = coding
        self.sequence = sequence
        self.frameCount = frameCount
        self.timing = timing
        self.bundle = bundle
        self.tokens = tokens
    }

    /// The first byte's parts.
    enum First {
        static let rungShift: UInt8 = 3
        static let uniform: UInt8 = 0b100
        static let last: UInt8 = 0b010
        static let streamFollows: UInt8 = 0b001
    }

    /// The stream byte's parts.
    enum StreamByte {
        static let extended: UInt8 = 0b1000_0000
        static let escape: UInt8 = 127
    }

    /// What an extended block has.
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8

        static let fullSequence = Flags(rawValue: 1 << 0)
        static let severalFrames = Flags(rawValue: 1 << 1)
        static let jitter = Flags(rawValue: 1 << 2)
        static let negativeAge = Flags(rawValue: 1 << 3)
        static let bundle = Flags(rawValue: 1 << 4)
        static let tokens = Flags(rawValue: 1 << 5)
        static let all = Flags(rawValue: 0b11_1111)
    }

    /// The flags that this header needs; none means that it is not extended.
    var flags: Flags {
        var flags: Flags = []
        if case .full = sequence { flags.insert(.fullSequence) }
        if frameCount > 1 { flags.insert(.severalFrames) }
        if timing.hasJitter { flags.insert(.jitter) }
        if timing.age < 0 { flags.insert(.negativeAge) }
        if bundle != nil { flags.insert(.bundle) }
        if tokens != nil { flags.insert(.tokens) }
        return flags
    }

    /// The stream that a block after one of `previous` has if it does not say: the next, 0 at first.
    static func impliedStream(after previous: UInt16?) -> UInt16? {
        guard let previous else { return 0 }
        return previous == .max ? nil : previous + 1
    }
}
