package import WireFormat

/// What a report told about packets that were in flight.
struct ReportOutcome: Sendable, Equatable {
    /// Packets newly known to have come, and their IP-level bytes.
    var received = 0
    var receivedBytes = 0
    /// Packets newly known to be lost.
    var lost = 0
    /// The least queueing delay of the newly received, in seconds; nil when none is known.
    var leastQueue: Double?
}

/// The packets that were sent and not yet told about, in a ring of 4,096.
///
/// A packet that the ring has no room for any more, or that no report covers any more, is forgotten: it counts
/// neither as received nor as lost, and no longer as in flight.
package struct SentPacketHistory: Sendable {
    /// A sent packet.
    package struct Packet: Sendable {
        package var sequence: UInt32
        package var bytes: Int
        package var sent: MonotonicInstant
        package var fate: Fate
    }

    /// What is known about a packet.
    package enum Fate: UInt8, Sendable {
        case empty, inFlight, received, lost, forgotten
    }

    private var packets: [Packet]
    /// No packet before this one is in flight.
    private var oldest: UInt32 = 0
    /// The sequence after the newest sent packet.
    private var next: UInt32 = 0
    /// IP-level bytes of the packets in flight.
    package private(set) var bytesInFlight = 0
    /// Packets in flight.
    package private(set) var packetsInFlight = 0

    /// A history without packets.
    package init() {
        packets = Array(
            repeating: Packet(sequence: 0, bytes: 0, sent: MonotonicInstant(nanoseconds: 0), fate: .empty),
            count: LinkConstants.historyPackets)
    }

    /// Adds a packet; traps unless `sequence` is above all those before.
    package mutating func insert(sequence: UInt32, bytes: Int, now: MonotonicInstant) {
        precondition(sequence >= next, "packet sequences only grow")
        let slot = slot(of: sequence)
        settle(slot, as: .forgotten)
        packets[slot] = Packet(sequence: sequence, bytes: bytes, sent: now, fate: .inFlight)
        if packetsInFlight == 0 { oldest = sequence }
        bytesInFlight += bytes
        packetsInFlight += 1
        next = sequence + 1
    }

    /// The packet with this sequence, if it was sent and is still remembered.
    package func packet(_ sequence: UInt32) -> Packet? {
        let packet = packets[slot(of: sequence)]
        return packet.sequence == sequence && packet.fate != .empty ? packet : nil
    }

    /// Marks the packet as received.
    /// - Returns: the packet, if that was not known before.
    package mutating func markReceived(_ sequence: UInt32) -> Packet? {
        guard let packet = packet(sequence), packet.fate != .received else { return nil }
        settle(slot(of: sequence), as: .received)
        packets[slot(of: sequence)].fate = .received
        return packet
    }

    /// Marks the packet as lost.
    /// - Returns: whether it was in flight.
    package mutating func markLost(_ sequence: UInt32) -> Bool {
        guard let packet = packet(sequence), packet.fate == .inFlight else { return false }
        settle(slot(of: sequence), as: .lost)
        return true
    }

    /// Forgets all packets in flight before `sequence`, which must have been sent.
    /// - Complexity: amortized O(1) for each packet sent.
    package mutating func forget(before sequence: UInt32) {
        while oldest < sequence, packetsInFlight > 0 {
            if packets[slot(of: oldest)].sequence == oldest {
                settle(slot(of: oldest), as: .forgotten)
            }
            oldest += 1
        }
    }

    /// Forgets all packets in flight.
    package mutating func forgetAll() {
        forget(before: next)
    }

    /// Takes a packet out of flight, if it is.
    private mutating func settle(_ slot: Int, as fate: Fate) {
        guard packets[slot].fate == .inFlight else { return }
        packets[slot].fate = fate
        bytesInFlight -= packets[slot].bytes
        packetsInFlight -= 1
    }

    private func slot(of sequence: UInt32) -> Int {
        Int(sequence) & (LinkConstants.historyPackets - 1)
    }
}
