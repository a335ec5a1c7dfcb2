/// A block found in a data packet's body: its header, and where the rest of it is.
public struct Block: Sendable, Hashable {
    /// What the block says about itself.
    public let header: BlockHeader

    /// Where its payload is, as offsets in the body.
    public let payload: Range<Int>

    /// Where its frames' distances from the line of even steps are, as offsets in the body; empty without.
    let jitter: Range<Int>

    /// Calls `body` with each frame's index and tick, in order.
    ///
    /// - Parameters:
    ///   - bytes: The body that the block was found in.
    ///   - sentAt: The packet's send tick.
    public func forEachTick(
        in bytes: RawSpan, sentAt: Tick, _ body: (_ frame: Int, _ tick: Tick) throws(WireError) -> Void
    ) throws(WireError) {
        let jitterBytes = bytes.extracting(jitter)
        var reader = ByteReader(jitterBytes)
        let first = sentAt.advanced(by: -header.timing.age)
        for index in 0..<header.frameCount {
            var offset = Int64(index) * header.timing.step
            if header.timing.hasJitter, index > 0 {
                offset += Varint.unzigzag(try reader.varint(jitterBytes, maximum: BlockReader.maximumOffset))
            }
            try body(index, first.advanced(by: offset))
        }
    }
}
