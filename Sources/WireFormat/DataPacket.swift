/// The start of a data packet's body: when it was sent. Blocks follow to the end of the packet.
public enum DataPacket {
    /// Bytes of the body before the first block.
    public static let prefixByteCount = 3

    /// Appends the send tick's low 24 bits. Traps without room for three bytes.
    public static func writePrefix(sentAt tick: Tick, into output: inout OutputRawSpan) {
        let low = tick.low24
        output.append(UInt8(truncatingIfNeeded: low >> 16))
        output.append(bigEndian: UInt16(truncatingIfNeeded: low))
    }
}
