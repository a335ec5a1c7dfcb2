import WireFormat

/// A bulk transfer in the manner of TCP CUBIC (RFC 9438): a window of full packets that grows until it loses one.
///
/// What is lost is not sent again: how much it takes of the link is what counts, not what for.
struct CompetingFlow {
    /// IP-level bytes of a packet, and of an acknowledgement.
    static let packetBytes = 1_500
    static let acknowledgementBytes = 52

    /// RFC 9438: the window's growth, and what it is cut to.
    private static let growth = 0.4
    private static let cut = 0.7
    /// Later packets that came before a packet is taken for lost, RFC 5681.
    private static let reordering = 3
    /// Nanoseconds, RFC 6298.
    private static let leastTimeout: Int64 = 1_000_000_000

    /// In packets.
    private var window = 10.0
    private var slowStartEnd = Double.infinity
    private var windowBeforeCut = 0.0
    private var lastCut: Int64 = 0
    /// Packets sent before this one do not cut the window again.
    private var recoveryEnd = 0
    private var smoothedRoundTrip: Double?
    private var next = 0
    /// Packets in flight, oldest first, with when they were sent.
    private var flight: [(sequence: Int, sent: Int64)] = []
    private var lastProgress: Int64

    init(now: MonotonicInstant) {
        lastProgress = now.nanoseconds
    }

    /// When to call `advance` if nothing comes before; nil when nothing is in flight.
    var nextDeadline: MonotonicInstant? {
        flight.isEmpty ? nil : MonotonicInstant(nanoseconds: lastProgress + timeout)
    }

    /// Gives up what is in flight when nothing has come for long.
    mutating func advance(to now: MonotonicInstant) {
        guard let nextDeadline, now >= nextDeadline else { return }
        slowStartEnd = max(window / 2, 2)
        window = 1
        windowBeforeCut = slowStartEnd
        flight.removeAll(keepingCapacity: true)
        recoveryEnd = next
        lastProgress = now.nanoseconds
    }

    /// The next packet's sequence, when there is room in the window for it.
    mutating func nextPacket(now: MonotonicInstant) -> Int? {
        guard Double(flight.count) < window.rounded(.down) else { return nil }
        if flight.isEmpty { lastProgress = now.nanoseconds }
        flight.append((next, now.nanoseconds))
        next += 1
        return next - 1
    }

    /// Takes an acknowledgement of one packet.
    mutating func acknowledged(_ sequence: Int, now: MonotonicInstant) {
        guard let place = flight.firstIndex(where: { $0.sequence == sequence }) else { return }
        let sample = Double(now.nanoseconds - flight[place].sent)
        smoothedRoundTrip = smoothedRoundTrip.map { $0 + (sample - $0) / 8 } ?? sample
        flight.remove(at: place)
        lastProgress = now.nanoseconds
        let lost = flight.prefix { $0.sequence + Self.reordering <= sequence }
        if let newest = lost.last {
            if newest.sequence >= recoveryEnd { cutWindow(now: now.nanoseconds) }
            flight.removeFirst(lost.count)
        } else if sequence >= recoveryEnd {
            grow(now: now.nanoseconds)
        }
    }

    private mutating func cutWindow(now: Int64) {
        windowBeforeCut = window
        window = max(2, window * Self.cut)
        slowStartEnd = window
        lastCut = now
        recoveryEnd = next
    }

    private mutating func grow(now: Int64) {
        guard window >= slowStartEnd else {
            window += 1
            return
        }
        let plateau = rootOf(windowBeforeCut * (1 - Self.cut) / Self.growth)
        let time = Double(now - lastCut) / 1e9 + (smoothedRoundTrip ?? 0) / 1e9 - plateau
        let cubic = Self.growth * time * time * time + windowBeforeCut
        // As fast as Reno at least (RFC 9438 §4.3), at most half more for each round trip.
        let roundTrips = Double(now - lastCut) / max(smoothedRoundTrip ?? 1e8, 1e6)
        let reno = windowBeforeCut * Self.cut + 3 * (1 - Self.cut) / (1 + Self.cut) * roundTrips
        let target = min(max(cubic, reno), 1.5 * window)
        if target > window { window += (target - window) / window }
    }

    /// The cubic root, by Newton's method.
    private func rootOf(_ value: Double) -> Double {
        guard value > 0 else { return 0 }
        var root = max(value.squareRoot(), 1e-3)
        for _ in 0..<40 { root = (2 * root + value / (root * root)) / 3 }
        return root
    }

    private var timeout: Int64 { max(Self.leastTimeout, Int64(2 * (smoothedRoundTrip ?? 0))) }
}
