import BasicContainers
import LinkControl
import Quantization
import WireFormat

extension AgentCore {
    /// Writes a data packet if frames are due (or a packet's worth waits) and the budget has room for it.
    mutating func writeData(
        _ session: AgentSession, into output: inout OutputRawSpan, now: MonotonicInstant
    ) -> Bool {
        dataWait = nil
        // A frame in parts first: until it is complete its parts are worth nothing upstream.
        for index in 0..<streams.count where streams[index].partial != nil && streams[index].wireStream != nil
        {
            return writePart(of: index, session, into: &output, now: now)
        }
        let budget = sendBudget(now: now)
        guard planBatch(budget: budget, now: now) else { return false }
        assembly.begin(capacity: budget - configuration.ipOverhead, sendTick: tick(at: now))
        for index in 0..<streams.count where batch[index] > 0 {
            guard addBlocks(of: index, session, into: &output) else { break }
        }
        if assembly.isEmpty {
            return beginWithOne(session, budget: budget, into: &output, now: now)
        }
        assembly.finish(into: &output)
        return true
    }

    /// Adds blocks of a stream to the packet until its part of the batch is in.
    /// - Returns: false when the packet is full.
    private mutating func addBlocks(
        of index: Int, _ session: AgentSession, into output: inout OutputRawSpan
    ) -> Bool {
        while batch[index] > 0 {
            let frames = streams[index].pending.run(limit: min(batch[index], streams[index].maximumFrames))
            streams[index].quantize(frames, rung: allocator.rung(of: index))
            let added = addBlock(of: index, frames: frames, session, into: &output)
            batch[index] -= added
            guard added == frames else { return false }
        }
        return true
    }

    /// Adds a block of as many of the quantized frames as there is room for, and counts them as sent.
    /// - Returns: their number; 0 when the packet has no room even for one.
    private mutating func addBlock(
        of index: Int, frames: Int, _ session: AgentSession, into output: inout OutputRawSpan
    ) -> Int {
        var count = frames
        while true {
            let (block, byteCount) = codeBlock(of: index, frames: count)
            let room = assembly.room(for: block)
            if byteCount <= room {
                put(block, of: index, session, completing: count, into: &output)
                streams[index].countSent(count)
                return count
            }
            guard count > 1 else { return 0 }
            count = Self.fewer(than: count, of: byteCount, for: room)
        }
    }

    /// As many frames or tokens as fit if all take the same, but fewer than now and at least one. Payloads may be
    /// empty, and headers alone may take more than there is: then half as many.
    private static func fewer(than count: Int, of byteCount: Int, for room: Int) -> Int {
        max(1, room > 0 ? min(count - 1, count * room / max(1, byteCount)) : count / 2)
    }

    /// Codes the oldest of the quantized frames, and sets the assembly's ticks to theirs.
    /// - Returns: the block's header, and the bytes of its payload.
    private mutating func codeBlock(
        of index: Int, frames: Int, tokens: Range<Int>? = nil
    ) -> (header: BlockHeader, byteCount: Int) {
        guard let wireStream = streams[index].wireStream else {
            preconditionFailure("only streams with a number have blocks")
        }
        for offset in 0..<frames { assembly.ticks[offset] = streams[index].pending[offset].tick }
        let coded = streams[index].encoder.code(frames: 0..<frames, tokens: tokens)
        let header = BlockHeader(
            stream: wireStream, rung: streams[index].encoder.rung, coding: coded.coding,
            sequence: streams[index].blockSequence(isPart: tokens != nil),
            timing: BlockTiming(of: assembly.ticks.span.extracting(first: frames), sentAt: assembly.sendTick),
            frameCount: frames, tokens: tokens)
        return (header, coded.byteCount)
    }

    /// Puts the block last coded into the packet.
    private mutating func put(
        _ block: BlockHeader, of index: Int, _ session: AgentSession, completing frames: Int,
        into output: inout OutputRawSpan
    ) {
        let lastSequence = streams[index].pending[block.frameCount - 1].sequence
        let packetHeader = header(.data, session)
        Self.add(block, of: index, in: &streams, to: &assembly, packetHeader, into: &output)
        ledger.insert(
            AcknowledgementLedger.Block(stream: index, lastSequence: lastSequence, frames: frames),
            packet: session.nextSequence)
    }

    /// Adds the block last coded. Static, since two parts of `self` are in use at once.
    private static func add(
        _ block: BlockHeader, of index: Int, in streams: inout RigidArray<AgentStream>,
        to assembly: inout PacketAssembly, _ packetHeader: PacketHeader, into output: inout OutputRawSpan
    ) {
        assembly.add(block, codedBy: streams[index].encoder, packetHeader: packetHeader, into: &output)
    }

    /// Makes a packet when not one whole frame of the batch fits at its rung: a part of a frame larger than a
    /// packet, or one frame at the cheapest allowed rung.
    private mutating func beginWithOne(
        _ session: AgentSession, budget: Int, into output: inout OutputRawSpan, now: MonotonicInstant
    ) -> Bool {
        guard let index = batch.indices.first(where: { batch[$0] > 0 }) else { return false }
        let rung = allocator.rung(of: index)
        streams[index].quantize(1, rung: rung)
        var (header, byteCount) = codeBlock(of: index, frames: 1)
        if assembly.byteCount(alone: header, payload: byteCount) <= PacketLimits.maximumDatagram,
            let floor = allocator.floor(of: index), floor != rung
        {
            streams[index].quantize(1, rung: floor)
            if addBlock(of: index, frames: 1, session, into: &output) == 1 {
                assembly.finish(into: &output)
                return true
            }
            (header, byteCount) = codeBlock(of: index, frames: 1)
        }
        let needed = assembly.byteCount(alone: header, payload: byteCount)
        if needed > PacketLimits.maximumDatagram {
            streams[index].partial = PartialFrame(
                nextToken: 0, bytesPerToken: Double(byteCount) / Double(streams[index].tokens))
            return writePart(of: index, session, into: &output, now: now)
        }
        // More than was expected of the rung: wait until there is as much.
        wait(for: max(needed + configuration.ipOverhead, budget + 1), now: now)
        return false
    }

    /// Writes a packet with the next part of a stream's oldest frame, which was quantized for it.
    private mutating func writePart(
        of index: Int, _ session: AgentSession, into output: inout OutputRawSpan, now: MonotonicInstant
    ) -> Bool {
        guard let partial = streams[index].partial else { return false }
        let left = streams[index].tokens - partial.nextToken
        let headers = packetOverhead + AgentConstants.blockHeaderBytes
        let least = min(Int(Double(left) * partial.bytesPerToken), AgentConstants.smallestPart) + headers
        let budget = sendBudget(now: now)
        guard budget >= least else {
            wait(for: least, now: now)
            return false
        }
        assembly.begin(capacity: budget - configuration.ipOverhead, sendTick: tick(at: now))
        let capacity = min(budget - configuration.ipOverhead, PacketLimits.maximumDatagram)
        let expected = capacity - AgentConstants.packetHeadBytes - AgentConstants.blockHeaderBytes
        var count = max(1, min(left, Int(Double(expected) / partial.bytesPerToken)))
        while true {
            let tokens = partial.nextToken..<partial.nextToken + count
            let (block, byteCount) = codeBlock(of: index, frames: 1, tokens: tokens)
            let room = assembly.room(for: block)
            if byteCount <= room {
                let isComplete = tokens.upperBound == streams[index].tokens
                put(block, of: index, session, completing: isComplete ? 1 : 0, into: &output)
                assembly.finish(into: &output)
                streams[index].partial?.nextToken = tokens.upperBound
                if isComplete { streams[index].finishPartial() }
                return true
            }
            guard count > 1 else {
                let needed = assembly.byteCount(alone: block, payload: byteCount)
                if needed > PacketLimits.maximumDatagram {
                    // A single token of more than a packet at this rung cannot travel at all.
                    streams[index].dropFirst(because: streams[index].budgetReason)
                } else {
                    wait(for: max(needed + configuration.ipOverhead, budget + 1), now: now)
                }
                return false
            }
            count = Self.fewer(than: count, of: byteCount, for: room)
        }
    }

    /// Keeps data back until the budget has so many bytes.
    mutating func wait(for bytes: Int, now: MonotonicInstant) {
        dataWait = budgetReaches(bytes, now: now).map { .instant($0) } ?? .report
    }

    /// IP-level bytes of a data packet without its blocks.
    var packetOverhead: Int { configuration.ipOverhead + AgentConstants.packetHeadBytes }
}
