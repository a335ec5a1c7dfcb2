import Quantization
import WireFormat

/// A data packet while its blocks are added.
///
/// One block is always held back: only when the next one is added, or the packet is finished, is it known
/// whether it is the last, whose length is left out.
struct PacketAssembly: Sendable {
    /// Bytes of the datagram that may be used.
    private var capacity = 0
    private var used = 0
    private var held: BlockHeader?
    private var heldTicks = [Tick](repeating: Tick(0), count: PacketLimits.maximumFramesPerBlock)
    private var heldPayload = [UInt8](repeating: 0, count: PacketLimits.maximumDatagram)
    private var heldLength = 0
    /// The stream of the block before the held one.
    private var previous: UInt16?
    private(set) var sendTick = Tick(0)
    /// Ticks of the block that is about to be added.
    var ticks = [Tick](repeating: Tick(0), count: PacketLimits.maximumFramesPerBlock)

    /// Whether no block was added.
    var isEmpty: Bool { held == nil }

    /// Starts a packet of at most `capacity` bytes.
    mutating func begin(capacity: Int, sendTick: Tick) {
        self.capacity = min(capacity, PacketLimits.maximumDatagram)
        self.sendTick = sendTick
        used = AgentConstants.packetHeadBytes
        held = nil
        previous = nil
    }

    /// Bytes left for the payload of one more block with this header; `ticks` has its frames' ticks.
    func room(for header: BlockHeader) -> Int {
        capacity - usedWithHeldInside
            - header.byteCount(
                ticks: ticks.span.extracting(first: header.frameCount), payloadLength: nil,
                after: held?.stream)
    }

    /// Bytes of a datagram of nothing but a block with this header and payload; `ticks` has its frames' ticks.
    func byteCount(alone header: BlockHeader, payload: Int) -> Int {
        let ticks = ticks.span.extracting(first: header.frameCount)
        return AgentConstants.packetHeadBytes
            + header.byteCount(ticks: ticks, payloadLength: nil, after: nil) + payload
    }

    /// Adds a block, for which there must be room; `ticks` has its frames' ticks. The first one writes the
    /// packet's header, so nothing is written for a packet without blocks.
    mutating func add(
        _ header: BlockHeader, codedBy encoder: borrowing FrameEncoder, packetHeader: PacketHeader,
        into output: inout OutputRawSpan
    ) {
        if held == nil {
            packetHeader.write(into: &output)
            DataPacket.writePrefix(sentAt: sendTick, into: &output)
        } else {
            used = usedWithHeldInside
            writeHeld(isLast: false, into: &output)
        }
        held = header
        for index in 0..<header.frameCount { heldTicks[index] = ticks[index] }
        encoder.withPayload { payload in
            for index in payload.indices { heldPayload[index] = payload[index] }
            heldLength = payload.count
        }
    }

    /// Writes what is held back.
    mutating func finish(into output: inout OutputRawSpan) {
        writeHeld(isLast: true, into: &output)
        held = nil
    }

    /// Bytes used once the held block is followed by another.
    private var usedWithHeldInside: Int {
        guard let held else { return used }
        let ticks = heldTicks.span.extracting(first: held.frameCount)
        return used + heldLength
            + held.byteCount(ticks: ticks, payloadLength: heldLength, after: previous)
    }

    private mutating func writeHeld(isLast: Bool, into output: inout OutputRawSpan) {
        guard let held else { return }
        held.write(
            ticks: heldTicks.span.extracting(first: held.frameCount),
            payloadLength: isLast ? nil : heldLength,
            after: previous, into: &output)
        for index in 0..<heldLength { output.append(heldPayload[index]) }
        previous = held.stream
    }
}
