/// Which frames were in which packet, so that a report of packets becomes acknowledged frames.
///
/// Two rings: packets, and their blocks. What they have no room for any more is forgotten: an acknowledgement
/// of it goes unnoticed, which only costs longer sequence numbers.
struct AcknowledgementLedger: Sendable {
    /// A block in a packet.
    struct Block: Sendable {
        var stream: Int
        /// The number of its last frame, and how many frames became complete with it.
        var lastSequence: UInt64
        var frames: Int
    }

    private struct Packet: Sendable {
        var sequence: UInt32 = 0
        var blocks: Range<Int> = 0..<0
    }

    private var packets = [Packet](repeating: Packet(), count: AgentConstants.awaitedPackets)
    private var blocks = [Block](
        repeating: Block(stream: 0, lastSequence: 0, frames: 0), count: AgentConstants.awaitedBlocks)
    /// Blocks ever added.
    private var blockCount = 0

    /// Adds a block to the packet with this sequence.
    mutating func insert(_ block: Block, packet sequence: UInt32) {
        let slot = Int(sequence) % AgentConstants.awaitedPackets
        if packets[slot].sequence != sequence || packets[slot].blocks.isEmpty {
            packets[slot] = Packet(sequence: sequence, blocks: blockCount..<blockCount)
        }
        blocks[blockCount % AgentConstants.awaitedBlocks] = block
        blockCount += 1
        packets[slot].blocks = packets[slot].blocks.lowerBound..<blockCount
    }

    /// Takes the blocks of an acknowledged packet out; empty for one unknown or already acknowledged.
    mutating func take(_ sequence: UInt32) -> Range<Int> {
        let slot = Int(sequence) % AgentConstants.awaitedPackets
        guard packets[slot].sequence == sequence else { return 0..<0 }
        let taken = packets[slot].blocks
        packets[slot].blocks = 0..<0
        let oldest = max(taken.lowerBound, blockCount - AgentConstants.awaitedBlocks)
        return min(oldest, taken.upperBound)..<taken.upperBound
    }

    /// A block that `take` named.
    subscript(index: Int) -> Block { blocks[index % AgentConstants.awaitedBlocks] }

    /// Forgets everything: another session begins.
    mutating func removeAll() {
        for slot in packets.indices { packets[slot].blocks = 0..<0 }
    }
}
