import BasicContainers
import LinkControl
import WireFormat

extension AgentCore {
    /// Decides which waiting frames the next packets get, and their rungs, and drops what the budget has no
    /// room for in time.
    ///
    /// All waiting frames if they fit at the cheapest allowed rungs; else those that are due. Where not even they
    /// fit, they wait for the budget as long again as they have waited for company (so that streams of small
    /// frames do not use it up for packets of their own); then the newest go, fairly by weight, and the oldest
    /// are dropped, for what comes late is worth least.
    /// - Returns: whether there is something to send now.
    mutating func planBatch(budget: Int, now: MonotonicInstant) -> Bool {
        let isDue = fillBatch(now: now, onlyDue: true)
        guard isDue || hasPacketWorth else { return false }
        guard let least = leastPacket(onlyDue: isDue) else { return false }
        guard budget >= least.bytes else {
            wait(for: least.bytes, now: now)
            return false
        }
        _ = fillBatch(now: now, onlyDue: false)
        if !fits(budget) {
            guard isDue else {
                waitForDeadline()
                return false
            }
            _ = fillBatch(now: now, onlyDue: true)
            if !fits(budget), !link.isOutage, let end = patienceEnd, now < end {
                let reached = budgetReaches(neededBytes, now: now) ?? end
                dataWait = .instant(min(reached, end))
                return false
            }
            dropUntilFits(budget)
        }
        for index in batch.indices { allocator.setFrames(batch[index], of: index) }
        // In an outage the cheapest rung of all, whatever the probe's bytes would allow.
        _ = allocator.allocate(budget: link.isOutage ? 0 : payloadBudget(budget))
        return batch.contains { $0 > 0 }
    }

    /// Sets the batch to all waiting frames that can be sent, or to those that are due.
    /// - Returns: whether there are any.
    private mutating func fillBatch(now: MonotonicInstant, onlyDue: Bool) -> Bool {
        let isDraining = drainEnd != nil
        var isAny = false
        for index in 0..<streams.count {
            if streams[index].wireStream == nil || allocator.floor(of: index) == nil {
                batch[index] = 0
            } else if onlyDue, !isDraining {
                batch[index] = streams[index].pending.dueCount(now: now)
            } else {
                batch[index] = streams[index].pending.count
            }
            if batch[index] > 0 { isAny = true }
        }
        return isAny
    }

    /// Whether a packet's worth waits at the present rungs.
    private var hasPacketWorth: Bool {
        var bytes = 0.0
        for index in 0..<streams.count where streams[index].wireStream != nil {
            let bits = streams[index].codedBitsPerFrame
            bytes += bits / 8 * Double(streams[index].pending.count)
        }
        return bytes >= AgentConstants.packetWorth
    }

    /// The smallest useful packet: one frame of the batch (of any stream unless some are due).
    private func leastPacket(onlyDue: Bool) -> (stream: Int, bytes: Int)? {
        var least: (stream: Int, bytes: Int)?
        for index in 0..<streams.count where streams[index].wireStream != nil {
            guard onlyDue ? batch[index] > 0 : !streams[index].pending.isEmpty else { continue }
            let payload = Int(allocator.floorBytes(of: index, frames: 1).rounded(.up))
            let bytes = payload + AgentConstants.blockHeaderBytes + packetOverhead
            if bytes < least?.bytes ?? .max { least = (index, bytes) }
        }
        return least
    }

    /// Bytes for payloads in a budget: without the headers of blocks, packets and IP.
    private func payloadBudget(_ budget: Int) -> Double {
        let blocks = batch.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
        let packets = max(1, (budget + PacketLimits.maximumDatagram - 1) / PacketLimits.maximumDatagram)
        return Double(budget - blocks * AgentConstants.blockHeaderBytes - packets * packetOverhead)
    }

    /// Expected payload bytes of the batch at the cheapest allowed rungs.
    private var floorBytes: Double {
        var bytes = 0.0
        for index in batch.indices { bytes += allocator.floorBytes(of: index, frames: batch[index]) }
        return bytes
    }

    /// Whether the batch fits at the cheapest allowed rungs.
    private func fits(_ budget: Int) -> Bool {
        neededBytes <= budget
    }

    /// The budget at which the batch fits at the cheapest allowed rungs.
    private var neededBytes: Int {
        let payload = floorBytes.rounded(.up)
        let blocks = batch.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
        let packets = 1 + (payload / AgentConstants.packetWorth).rounded(.down)
        return Int(payload) + blocks * AgentConstants.blockHeaderBytes + Int(packets) * packetOverhead
    }

    /// Until when the batch, all of it due, may wait for the budget.
    private var patienceEnd: MonotonicInstant? {
        if let drainEnd { return drainEnd }
        var end: MonotonicInstant?
        for index in batch.indices where batch[index] > 0 {
            guard let first = streams[index].pending.first else { continue }
            let last = first.deadline + streams[index].latencyBudget
            end = min(end ?? last, last)
        }
        return end
    }

    /// Drops the oldest frames of the stream that takes most for its weight, of those of the lowest priority, until the
    /// rest fits. A stream's last frame does not count as taking: a stream of large frames must not vanish for many small ones.
    /// - Complexity: O(dropped frames × streams)
    private mutating func dropUntilFits(_ budget: Int) {
        while !fits(budget) {
            var dearest: (stream: Int, share: Double)?
            let lowest = lowestPriority
            for index in batch.indices where batch[index] > 0 && streams[index].priority == lowest {
                let share = allocator.floorBytes(of: index, frames: batch[index] - 1) / streams[index].weight
                if share >= dearest?.share ?? 0 { dearest = (index, share) }
            }
            guard let dearest else { return }
            batch[dearest.stream] -= 1
            streams[dearest.stream].dropFirst(because: streams[dearest.stream].budgetReason)
        }
    }

    /// The lowest priority of the streams that are in the batch.
    private var lowestPriority: Int {
        var lowest = Int.max
        for index in batch.indices where batch[index] > 0 { lowest = min(lowest, streams[index].priority) }
        return lowest
    }

    /// Keeps data back until the first frame is due.
    private mutating func waitForDeadline() {
        var earliest: MonotonicInstant?
        for index in 0..<streams.count where streams[index].wireStream != nil {
            guard let first = streams[index].pending.first else { continue }
            earliest = min(earliest ?? first.deadline, first.deadline)
        }
        dataWait = earliest.map { .instant($0) }
    }
}
