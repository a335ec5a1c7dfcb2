/// What `FrameEncoder.code` made.
public struct CodedBlock: Sendable, Hashable {
    /// How the symbols are coded; the decoder must be told.
    public let coding: BlockCoding

    /// Bytes of the payload; the decoder must be given exactly these.
    public let byteCount: Int

    /// Creates a value.
    public init(coding: BlockCoding, byteCount: Int) {
        self.coding = coding
        self.byteCount = byteCount
    }
}
