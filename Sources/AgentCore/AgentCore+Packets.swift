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
        for index in 0..<streams.count where streams[index].partial != nil {
            return writePart(of: index, session, into: &output, now: now)
        }
        let budget = link.sendBudget(now: now)
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
        guard let wireStream = streams[index].wireStream else { return 0 }
        var count = frames
        while count > 0 {
            for offset in 0..<count { assembly.ticks[offset] = streams[index].pending[offset].tick }
            let coded = streams[index].encoder.code(frames: 0..<count)
            let block = BlockHeader(
                stream: wireStream, rung: streams[index].encoder.rung, coding: coded.coding,
                sequence: streams[index].blockSequence(isPart: false),
                timing: BlockTiming(
                    of: assembly.ticks.span.extracting(first: count), sentAt: assembly.sendTick),
                frameCount: count)
            let room = assembly.room(for: block)
            if coded.byteCount <= room {
                put(block, of: index, session, completing: count, into: &output)
                streams[index].countSent(count)
                return count
            }
            // As many as fit if all take the same, but fewer than now.
            count = min(count - 1, count * max(0, room) / coded.byteCount)
        }
        return 0
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
        let largest =
            PacketLimits.maximumDatagram - AgentConstants.packetHeadBytes - AgentConstants.blockHeaderBytes
        var byteCount = streams[index].encoder.code(frames: 0..<1).byteCount
        if byteCount > largest {
            streams[index].quantize(1, rung: rung)
            streams[index].partial = PartialFrame(
                rung: rung, nextToken: 0, bytesPerToken: Double(byteCount) / Double(streams[index].tokens))
            return writePart(of: index, session, into: &output, now: now)
        }
        if let floor = allocator.floor(of: index), floor != rung {
            streams[index].quantize(1, rung: floor)
            if addBlock(of: index, frames: 1, session, into: &output) == 1 {
                assembly.finish(into: &output)
                return true
            }
            byteCount = streams[index].encoder.code(frames: 0..<1).byteCount
        }
        // More than was expected of the rung: wait until there is as much.
        wait(for: byteCount + packetOverhead + AgentConstants.blockHeaderBytes, now: now)
        return false
    }

    /// Writes a packet with the next part of a stream's oldest frame, which was quantized for it.
    private mutating func writePart(
        of index: Int, _ session: AgentSession, into output: inout OutputRawSpan, now: MonotonicInstant
    ) -> Bool {
        guard let partial = streams[index].partial, let wireStream = streams[index].wireStream else {
            return false
        }
        let left = streams[index].tokens - partial.nextToken
        let headers = packetOverhead + AgentConstants.blockHeaderBytes
        let least = min(Int(Double(left) * partial.bytesPerToken), AgentConstants.smallestPart) + headers
        let budget = link.sendBudget(now: now)
        guard budget >= least else {
            wait(for: least, now: now)
            return false
        }
        assembly.begin(capacity: budget - configuration.ipOverhead, sendTick: tick(at: now))
        assembly.ticks[0] = streams[index].pending[0].tick
        let capacity = Double(min(budget - configuration.ipOverhead, PacketLimits.maximumDatagram) - headers)
        var count = max(1, min(left, Int(capacity / partial.bytesPerToken)))
        while true {
            let tokens = partial.nextToken..<partial.nextToken + count
            let coded = streams[index].encoder.code(frames: 0..<1, tokens: tokens)
            let block = BlockHeader(
                stream: wireStream, rung: partial.rung, coding: coded.coding,
                sequence: streams[index].blockSequence(isPart: true),
                timing: BlockTiming(of: assembly.ticks.span.extracting(first: 1), sentAt: assembly.sendTick),
                tokens: tokens)
            let room = assembly.room(for: block)
            if coded.byteCount <= room {
                let isComplete = tokens.upperBound == streams[index].tokens
                put(block, of: index, session, completing: isComplete ? 1 : 0, into: &output)
                assembly.finish(into: &output)
                streams[index].partial?.nextToken = tokens.upperBound
                if isComplete { streams[index].finishPartial() }
                return true
            }
            guard count > 1 else {
                // A single token of more than a packet at this rung cannot travel at all.
                if budget >= linkConfiguration.basePacketBytes {
                    streams[index].dropFirst(because: streams[index].budgetReason)
                } else {
                    wait(for: coded.byteCount + headers, now: now)
                }
                return false
            }
            count = max(1, min(count - 1, count * max(0, room) / coded.byteCount))
        }
    }

    /// Keeps data back until the budget has so many bytes.
    mutating func wait(for bytes: Int, now: MonotonicInstant) {
        dataWait = link.budgetReaches(bytes, now: now).map { .instant($0) } ?? .report
    }

    /// IP-level bytes of a data packet without its blocks.
    var packetOverhead: Int { configuration.ipOverhead + AgentConstants.packetHeadBytes }
}
