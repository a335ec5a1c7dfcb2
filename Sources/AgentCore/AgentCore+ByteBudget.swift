import BasicContainers
import LinkControl
public import WireFormat

extension AgentCore {
    /// Bytes that a packet with frames may have now: what the link and the byte budget both have room for.
    mutating func sendBudget(now: MonotonicInstant) -> Int {
        let budget = link.sendBudget(now: now)
        guard let available = byteBudget?.available else { return budget }
        if (available < budget) != isByteLimited {
            isByteLimited.toggle()
            for index in 0..<streams.count { streams[index].isByteLimited = isByteLimited }
        }
        return min(budget, available)
    }

    /// When the budget has so many bytes if no report comes before; nil when only a report can make it so.
    func budgetReaches(_ bytes: Int, now: MonotonicInstant) -> MonotonicInstant? {
        guard let reached = link.budgetReaches(bytes, now: now) else { return nil }
        guard let byteBudget, byteBudget.available < bytes else { return reached }
        return max(reached, byteBudget.reaches(bytes, now: now))
    }

    /// Whether the byte budget has room for a packet without frames.
    func allowsControl(now: MonotonicInstant) -> Bool {
        byteBudget?.allowsControl(now: now) ?? true
    }

    /// Tells the byte budget the time of day, which its periods go by; to be called about every second.
    public mutating func readClock(wall: WallTime, now: MonotonicInstant) {
        byteBudget?.readClock(wall, isSynchronized: clockSynced, now: now)
    }
}
