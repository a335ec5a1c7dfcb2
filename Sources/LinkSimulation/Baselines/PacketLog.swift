import WireFormat

/// The packets that a baseline sent, and what reports tell about them: the last 8,192.
struct PacketLog: Sendable {
    /// A packet whose fate is newly known.
    struct Fate: Sendable {
        let sequence: UInt32
        /// Its IP-level size.
        let bytes: Int
        /// When it was sent, in nanoseconds.
        let sent: Int64
        /// When it came, in nanoseconds of the collector's clock; nil if it is lost.
        let arrival: Int64?
    }

    private enum State: UInt8, Sendable {
        case settled, inFlight
    }

    private struct Packet: Sendable {
        var sequence: UInt32
        var bytes: Int
        var sent: Int64
        var state: State
    }

    /// A missing packet is lost when one sent so much later has come, in nanoseconds (SCReAM's reordering time).
    private static let reorderTime: Int64 = 30_000_000
    private static let size = 8_192

    private var packets = [Packet](
        repeating: Packet(sequence: 0, bytes: 0, sent: 0, state: .settled), count: Self.size)
    private var oldest: UInt32 = 0
    private var next: UInt32 = 0
    private var lastArrivalTick: UInt32?
    private var arrivalNanoseconds: Int64 = 0
    /// IP-level bytes in flight.
    private(set) var bytesInFlight = 0
    /// The averaged time from a packet to the report of it, in nanoseconds; nil before any.
    private(set) var smoothedRoundTrip: Double?
    /// The averaged share of packets lost.
    private(set) var loss = 0.0
    /// When the last report came, in nanoseconds.
    private(set) var lastReport: Int64?

    /// Counts a packet as sent.
    mutating func sent(_ sequence: UInt32, bytes: Int, now: MonotonicInstant) {
        settle(sequence)
        packets[slot(sequence)] = Packet(
            sequence: sequence, bytes: bytes, sent: now.nanoseconds, state: .inFlight)
        bytesInFlight += bytes
        if next == 0 { oldest = sequence }
        next = sequence + 1
    }

    /// Takes a report; returns the packets that it tells something new about, oldest first.
    ///
    /// - Complexity: O(entries), and amortised O(1) for each packet sent.
    mutating func settle(_ report: Report, now: MonotonicInstant) -> [Fate] {
        guard report.newest < next, let newest = packet(report.newest) else { return [] }
        lastReport = now.nanoseconds
        let newestArrival = unwrap(report.newestArrival)
        var fates: [Fate] = []
        let covered = min(report.entryCount, Int(report.newest))
        for back in stride(from: covered - 1, through: 0, by: -1) {
            let sequence = report.newest - 1 - UInt32(back)
            guard let packet = packet(sequence), packet.state == .inFlight else { continue }
            var arrival: Int64?
            switch report.entry(back) {
            case .missing:
                guard newest.sent - packet.sent > Self.reorderTime else { continue }
            case .received(let milliseconds):
                let before = milliseconds ?? Report.maximumMilliseconds
                arrival = newestArrival - Int64(before) * 1_000_000
            }
            settle(sequence)
            fates.append(
                Fate(sequence: sequence, bytes: packet.bytes, sent: packet.sent, arrival: arrival))
        }
        if newest.state == .inFlight {
            settle(report.newest)
            fates.append(
                Fate(
                    sequence: report.newest, bytes: newest.bytes, sent: newest.sent, arrival: newestArrival))
            let sample = Double(now.nanoseconds - newest.sent)
            smoothedRoundTrip = smoothedRoundTrip.map { $0 + (sample - $0) / 8 } ?? sample
        }
        for fate in fates { loss += ((fate.arrival == nil ? 1 : 0) - loss) / 100 }
        while oldest + UInt32(covered) < report.newest {
            settle(oldest)
            oldest += 1
        }
        return fates
    }

    /// Forgets what is in flight.
    mutating func forgetAll() {
        while oldest < next {
            settle(oldest)
            oldest += 1
        }
    }

    private mutating func unwrap(_ tick: UInt32) -> Int64 {
        let difference = Int32(truncatingIfNeeded: Int64(tick) - Int64(lastArrivalTick ?? tick))
        if lastArrivalTick == nil { arrivalNanoseconds = Int64(tick) * Tick.nanoseconds }
        lastArrivalTick = tick
        arrivalNanoseconds += Int64(difference) * Tick.nanoseconds
        return arrivalNanoseconds
    }

    private func packet(_ sequence: UInt32) -> Packet? {
        let packet = packets[slot(sequence)]
        return packet.sequence == sequence && packet.sent > 0 ? packet : nil
    }

    private mutating func settle(_ sequence: UInt32) {
        let slot = slot(sequence)
        guard packets[slot].state == .inFlight, packets[slot].sent > 0 else { return }
        guard packets[slot].sequence == sequence || packets[slot].sequence &+ UInt32(Self.size) == sequence
        else { return }
        packets[slot].state = .settled
        bytesInFlight -= packets[slot].bytes
    }

    private func slot(_ sequence: UInt32) -> Int { Int(sequence) & (Self.size - 1) }
}
