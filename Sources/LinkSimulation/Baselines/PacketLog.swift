import LinkControl
import WireFormat

/// The packets that a baseline sent, and what reports tell about them.
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

        fileprivate init(_ packet: SentPacketHistory.Packet, arrival: Int64?) {
            sequence = packet.sequence
            bytes = packet.bytes
            sent = packet.sent.nanoseconds
            self.arrival = arrival
        }
    }

    /// A missing packet is lost when one sent so much later has come (SCReAM's reordering time).
    private static let reorderTime = Duration.milliseconds(30)

    private var history = SentPacketHistory()
    private var lastArrivalTick: UInt32?
    private var arrivalNanoseconds: Int64 = 0
    /// The averaged time from a packet to the report of it, in nanoseconds; nil before any.
    private(set) var smoothedRoundTrip: Double?
    /// The averaged share of packets lost.
    private(set) var loss = 0.0
    /// When the last report came, in nanoseconds.
    private(set) var lastReport: Int64?

    /// IP-level bytes in flight.
    var bytesInFlight: Int { history.bytesInFlight }

    /// Counts a packet as sent.
    mutating func sent(_ sequence: UInt32, bytes: Int, now: MonotonicInstant) {
        history.insert(sequence: sequence, bytes: bytes, now: now)
    }

    /// Takes a report; returns the packets that it tells something new about, oldest first.
    ///
    /// - Complexity: O(entries), and amortised O(1) for each packet sent.
    mutating func settle(_ report: Report, now: MonotonicInstant) -> [Fate] {
        guard let newest = history.packet(report.newest) else { return [] }
        lastReport = now.nanoseconds
        let newestArrival = unwrap(report.newestArrival)
        var fates: [Fate] = []
        let covered = min(report.entryCount, Int(report.newest))
        for back in stride(from: covered - 1, through: 0, by: -1) {
            let sequence = report.newest - 1 - UInt32(back)
            guard let packet = history.packet(sequence), packet.fate == .inFlight else { continue }
            switch report.entry(back) {
            case .missing:
                guard newest.sent - packet.sent > Self.reorderTime, history.markLost(sequence) else {
                    continue
                }
                fates.append(Fate(packet, arrival: nil))
            case .received(let milliseconds):
                let before = milliseconds ?? Report.maximumMilliseconds
                _ = history.markReceived(sequence)
                fates.append(Fate(packet, arrival: newestArrival - Int64(before) * 1_000_000))
            }
        }
        if newest.fate == .inFlight {
            _ = history.markReceived(report.newest)
            fates.append(Fate(newest, arrival: newestArrival))
            let sample = Double((now - newest.sent).wholeNanoseconds)
            smoothedRoundTrip = smoothedRoundTrip.map { $0 + (sample - $0) / 8 } ?? sample
        }
        for fate in fates { loss += ((fate.arrival == nil ? 1 : 0) - loss) / 100 }
        history.forget(before: report.newest - UInt32(covered))
        return fates
    }

    /// Forgets what is in flight.
    mutating func forgetAll() { history.forgetAll() }

    private mutating func unwrap(_ tick: UInt32) -> Int64 {
        let difference = Int32(truncatingIfNeeded: Int64(tick) - Int64(lastArrivalTick ?? tick))
        if lastArrivalTick == nil { arrivalNanoseconds = Int64(tick) * Tick.nanoseconds }
        lastArrivalTick = tick
        arrivalNanoseconds += Int64(difference) * Tick.nanoseconds
        return arrivalNanoseconds
    }
}
