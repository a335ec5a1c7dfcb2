/// A stretch of traffic above the estimated rate, and what came of it.
struct RateProbe: Sendable {
    /// bit/s.
    let target: Double
    /// In nanoseconds.
    let start: Int64
    let end: Int64
    private var sentBytes = 0
    private var sentPackets = 0
    private var firstSequence: UInt32?
    private var lastSequence: UInt32 = 0
    private var received: [(arrival: Int64, bytes: Int)] = []
    private var settled = 0

    init(target: Double, start: Int64) {
        self.target = target
        self.start = start
        end = start + Int64(GradientConstants.probeTime * 1e9)
    }

    mutating func sent(_ sequence: UInt32, bytes: Int) {
        firstSequence = firstSequence ?? sequence
        lastSequence = sequence
        sentBytes += bytes
        sentPackets += 1
    }

    mutating func settle(_ fate: PacketLog.Fate) {
        guard let firstSequence, firstSequence <= fate.sequence, fate.sequence <= lastSequence else { return }
        settled += 1
        if let arrival = fate.arrival { received.append((arrival, fate.bytes)) }
    }

    /// Whether all that was sent for it is settled, or a second has passed.
    func isOver(now: Int64) -> Bool {
        now >= end && (settled >= sentPackets || now >= end + 1_000_000_000)
    }

    /// The rate that it found, in bit/s; nil when too little was sent or came.
    var result: Double? {
        let bytes = received.reduce(0) { $0 + $1.bytes }
        guard received.count >= GradientConstants.leastProbePackets, 5 * received.count >= 4 * sentPackets,
            5 * bytes >= 4 * sentBytes
        else { return nil }
        let sendRate = Double(sentBytes) * 8 / GradientConstants.probeTime
        let arrivals = received.map(\.arrival)
        guard let first = arrivals.min(), let last = arrivals.max() else { return nil }
        let firstBytes = received.first { $0.arrival == first }?.bytes ?? 0
        // What was sent at once stands for its whole interval.
        let spread = max(Double(last - first) / 1e9, GradientConstants.probeTime / 2)
        let receiveRate = Double(bytes - firstBytes) * 8 / spread
        let rate = min(sendRate, target)
        return receiveRate < GradientConstants.dispersedProbe * rate
            ? GradientConstants.dispersedShare * receiveRate : rate
    }
}
