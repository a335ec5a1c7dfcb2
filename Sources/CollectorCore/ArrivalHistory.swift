internal import WireFormat

/// When the last 256 packets of a session came: what reports are written from.
struct ArrivalHistory: Sendable {
    private static let size = 256

    /// The highest packet number that came.
    private(set) var newest: UInt32?

    /// Packets that came, each once; the caller sees to that.
    private(set) var received: UInt64 = 0

    // Nanoseconds; `.min` where the packet has not come.
    private var arrivals = InlineArray<256, Int64>(repeating: .min)

    /// Packets up to the newest that have not come.
    var lost: UInt64 {
        guard let newest else { return 0 }
        return UInt64(newest) + 1 - received
    }

    /// Notes a packet's arrival.
    ///
    /// - Complexity: O(distance moved), at most 256 steps.
    mutating func insert(_ packet: UInt32, at now: MonotonicInstant) {
        received += 1
        if let newest, packet <= newest {
            guard newest - packet < UInt32(Self.size) else { return }
        } else {
            let skipped = newest.map { Int(packet - $0) - 1 } ?? 0
            for distance in 0..<min(skipped, Self.size) {
                arrivals[Int(packet - 1 - UInt32(distance)) % Self.size] = .min
            }
            newest = packet
        }
        arrivals[Int(packet) % Self.size] = now.nanoseconds
    }

    /// The report on what came, with entries for the packets after `lastReported` and 32 before it, as far as they
    /// are no more than `maximumEntries`.
    func report(lastReported: UInt32?, maximumEntries: Int) -> Report? {
        guard let newest else { return nil }
        let newestArrival = arrivals[Int(newest) % Self.size]
        var report = Report(
            newest: newest, newestArrival: UInt32(truncatingIfNeeded: newestArrival / Tick.nanoseconds),
            received: UInt32(truncatingIfNeeded: received))
        let wanted = lastReported.map { Int(newest - $0) + 32 } ?? Report.maximumEntries
        for distance in 1..<max(1, min(wanted, maximumEntries, Int(newest)) + 1) {
            let arrival = arrivals[Int(newest - UInt32(distance)) % Self.size]
            guard arrival != .min else {
                report.append(.missing)
                continue
            }
            report.append(.received(millisecondsBefore: Int(clamping: (newestArrival - arrival) / 1_000_000)))
        }
        return report
    }
}
