internal import Synchronization

/// Codes that were found before, by the content of their frames: what quantizing takes is paid once where the same
/// frames are coded again and again, as in simulations.
///
/// Shared by the encoders of one quantizer, on any threads. Bounded: when it is full, what is new is not kept.
public final class CodeMemo: Sendable {
    /// 128 bits of a frame's values, and the rung: too many for frames that are not made to collide to do so.
    struct Key: Hashable, Sendable {
        let low: UInt64
        let high: UInt64
        let rung: Int
    }

    private struct Entry {
        let start: Int
        /// In normalized units, over the frame.
        let squaredError: Double
    }

    private struct Contents {
        var entries: [Key: Entry] = [:]
        var codes: [UInt16] = []
    }

    private let owner: ProductTableCache
    private let maximumCodes: Int
    private let contents = Mutex(Contents())

    /// Creates an empty memo.
    ///
    /// - Parameters:
    ///   - codec: whose codes are kept; encoders of others trap.
    ///   - maximumBytes: about the most memory that it takes.
    public init(codec: FrameCodec, maximumBytes: Int = 256 << 20) {
        owner = codec.residual.productTableCache
        // An entry with its place in the dictionary takes about as much as the codes of a frame of 12 tokens.
        maximumCodes = maximumBytes / (2 * MemoryLayout<UInt16>.size)
    }

    /// Whether the memo keeps this codec's codes.
    func serves(_ codec: FrameCodec) -> Bool { owner === codec.residual.productTableCache }

    /// Copies the codes of a frame to `codes[start...]`.
    ///
    /// - Returns: the frame's squared error in normalized units; nil when the frame is not known.
    func recall(_ key: Key, symbols: Int, into codes: inout [UInt16], at start: Int) -> Double? {
        contents.withLock { contents in
            guard let entry = contents.entries[key] else { return nil }
            for index in 0..<symbols { codes[start + index] = contents.codes[entry.start + index] }
            return entry.squaredError
        }
    }

    /// Keeps the codes of a frame if there is room.
    func keep(_ codes: Span<UInt16>, squaredError: Double, as key: Key) {
        contents.withLock { contents in
            guard contents.codes.count + codes.count <= maximumCodes, contents.entries[key] == nil else {
                return
            }
            contents.entries[key] = Entry(start: contents.codes.count, squaredError: squaredError)
            for index in codes.indices { contents.codes.append(codes[index]) }
        }
    }
}

extension CodeMemo.Key {
    /// The key of a frame: two multiplicative hashes of its values' bits.
    init(frame: Span<Float>, rung: Int) {
        var low: UInt64 = 0x9E37_79B9_7F4A_7C15
        var high: UInt64 = 0xD1B5_4A32_D192_ED03
        for index in frame.indices {
            let bits = UInt64(frame[index].bitPattern)
            low = (low ^ bits) &* 0xFF51_AFD7_ED55_8CCD
            low ^= low >> 32
            high = (high &+ bits) &* 0xC4CE_B9FE_1A85_EC53
            high ^= high >> 29
        }
        self.init(low: low, high: high, rung: rung)
    }
}
