import LinkSimulation

/// SplitMix64 for the tests' own choices.
struct SimulationGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// One packet offered to a reference link, with its fate in nanoseconds since the start; `nil` is dropped.
struct ReferencePacket: Equatable {
    let bytes: Int
    let offered: Int64
    var finish: Int64?
}

/// A bottleneck of piecewise constant rate, the slow and obvious way: all packets ever sent are kept and scanned,
/// capacity is summed over all steps, and a finish is found by bisection over that sum.
struct ReferenceRateLink {
    let steps: [(start: Int64, rate: Int)]
    let queueBytes: Int
    var accepted: [(bytes: Int, finish: Int64)] = []

    /// Bits × 10⁹ carried until `time`.
    func carried(until time: Int64) -> Int128 {
        var sum: Int128 = 0
        for (index, step) in steps.enumerated() {
            let end = index + 1 < steps.count ? min(steps[index + 1].start, time) : time
            if end > step.start { sum += Int128(step.rate) * Int128(end - step.start) }
        }
        return sum
    }

    mutating func offer(bytes: Int, at now: Int64) -> Int64? {
        let waiting = accepted.filter { $0.finish > now }
        let occupied = waiting.reduce(0) { $0 + $1.bytes }
        if !waiting.isEmpty, occupied + bytes > queueBytes { return nil }
        let start = max(now, accepted.last?.finish ?? 0)
        let wanted = carried(until: start) + Int128(bytes) * 8_000_000_000
        var low = start
        var high = start + 1_000_000_000_000
        guard carried(until: high) >= wanted else { return nil }
        while low < high {
            let middle = low + (high - low) / 2
            if carried(until: middle) >= wanted { high = middle } else { low = middle + 1 }
        }
        accepted.append((bytes, low))
        return low
    }
}

/// A recorded bottleneck as mahimahi runs it: opportunity after opportunity, emptying a queue byte by byte.
///
/// No packet may be offered at the very time of an opportunity.
struct ReferenceTraceLink {
    let milliseconds: [Int64]
    let opportunityBytes: Int
    let queueBytes: Int

    func run(_ offered: [ReferencePacket]) -> [ReferencePacket] {
        var packets = offered
        var waiting: [(packet: Int, left: Int)] = []
        var next = 0
        var base: Int64 = 0
        while next < packets.count || !waiting.isEmpty {
            for time in milliseconds.map({ (base + $0) * 1_000_000 }) {
                while next < packets.count, packets[next].offered < time {
                    let occupied = waiting.reduce(0) { $0 + packets[$1.packet].bytes }
                    if waiting.isEmpty || occupied + packets[next].bytes <= queueBytes {
                        waiting.append((next, packets[next].bytes))
                    }
                    next += 1
                }
                var room = opportunityBytes
                while room > 0, !waiting.isEmpty {
                    room -= 1
                    waiting[0].left -= 1
                    if waiting[0].left == 0 {
                        packets[waiting[0].packet].finish = time
                        waiting.removeFirst()
                    }
                }
            }
            base += milliseconds[milliseconds.count - 1]
        }
        return packets
    }
}
