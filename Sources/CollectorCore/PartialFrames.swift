internal import Bundles
internal import Quantization
internal import WireFormat

/// Large frames of which some parts have come, oldest first; a bounded number of them.
struct PartialFrames {
    /// A frame in the making.
    struct Frame {
        let connection: ConnectionID
        let stream: Int
        let sequence: UInt64
        let rung: Int
        let bundle: BundleIdentity
        let agentTime: WallTime
        let begun: MonotonicInstant
        var values: [Float]
        var missingTokens: Int

        private var hasToken: [UInt64]

        init(
            connection: ConnectionID, stream: Int, sequence: UInt64, rung: Int, decoder: BundleDecoder,
            agentTime: WallTime, begun: MonotonicInstant
        ) {
            self.connection = connection
            self.stream = stream
            self.sequence = sequence
            self.rung = rung
            bundle = decoder.identity
            self.agentTime = agentTime
            self.begun = begun
            values = Array(repeating: 0, count: decoder.dimension)
            missingTokens = decoder.shape.tokens
            hasToken = Array(repeating: 0, count: (decoder.shape.tokens + 63) / 64)
        }

        /// Whether all of some tokens have come.
        func hasAll(_ tokens: Range<Int>) -> Bool {
            tokens.allSatisfy { hasToken[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
        }

        /// Notes that tokens have come.
        mutating func insert(_ tokens: Range<Int>) {
            for token in tokens where hasToken[token / 64] >> UInt64(token % 64) & 1 == 0 {
                hasToken[token / 64] |= 1 << UInt64(token % 64)
                missingTokens -= 1
            }
        }
    }

    private(set) var frames: [Frame] = []
    private var byteCount = 0

    /// Where a frame is.
    func index(connection: ConnectionID, stream: Int, sequence: UInt64) -> Int? {
        frames.firstIndex { $0.connection == connection && $0.stream == stream && $0.sequence == sequence }
    }

    /// Adds a frame at the end, and discards old ones as far as needed. Returns how many.
    mutating func append(_ frame: Frame, limits: CollectorCoreConfiguration) -> Int {
        var discarded = 0
        let ofSession = frames.count { $0.connection == frame.connection }
        if ofSession >= limits.maximumPartialFramesPerSession {
            discarded += discard(first: ofSession - limits.maximumPartialFramesPerSession + 1) {
                $0.connection == frame.connection
            }
        }
        frames.append(frame)
        byteCount += frame.values.count * MemoryLayout<Float>.size
        while frames.count > limits.maximumPartialFrames
            || byteCount > limits.maximumPartialBytes && frames.count > 1
        {
            discarded += discard(first: 1) { _ in true }
        }
        return discarded
    }

    /// Decodes a part into a frame and notes it.
    mutating func add(
        _ block: Block, in body: RawSpan, tokens: Range<Int>, toFrameAt index: Int,
        using decoder: BundleDecoder
    ) throws(BlockError) {
        try decoder.decode(block, in: body, into: &frames[index].values)
        frames[index].insert(tokens)
    }

    /// Takes a frame out.
    mutating func remove(at index: Int) -> Frame {
        byteCount -= frames[index].values.count * MemoryLayout<Float>.size
        return frames.remove(at: index)
    }

    /// Discards the oldest frames that a condition holds for, at most `first` of them. Returns how many.
    mutating func discard(first: Int = .max, where condition: (Frame) -> Bool) -> Int {
        var discarded = 0
        frames.removeAll { frame in
            guard discarded < first, condition(frame) else { return false }
            discarded += 1
            byteCount -= frame.values.count * MemoryLayout<Float>.size
            return true
        }
        return discarded
    }
}
