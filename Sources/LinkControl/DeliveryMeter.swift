import WireFormat

/// The rate of acknowledged bytes, over a short window and its maximum over the last second.
struct DeliveryMeter: Sendable {
    private static let slotSeconds = 0.05
    private static let slots = 64

    private var bytes = [Int](repeating: 0, count: slots)
    private var current = 0
    private var slotStart: MonotonicInstant
    private var start: MonotonicInstant
    /// The maximum of the rate, as the minimum of its negative.
    private var negatedRates: WindowedMinimum

    /// The longest window that can be asked for, in seconds.
    static let longestWindow = slotSeconds * Double(slots - 1)

    init(now: MonotonicInstant) {
        slotStart = now
        start = now
        negatedRates = WindowedMinimum(seconds: LinkConstants.deliveryMaximumWindow, parts: 4, now: now)
    }

    /// Adds acknowledged bytes and gives the rate over the last `window` seconds, in bit/s.
    mutating func add(_ count: Int, window: Double, now: MonotonicInstant) -> Double {
        advance(to: now)
        bytes[current] += count
        let length = min(max(window, Self.slotSeconds), Self.longestWindow)
        let whole = Int((length / Self.slotSeconds).rounded(.up))
        var sum = 0
        for back in 0..<whole {
            sum += bytes[(current + Self.slots - back) % Self.slots]
        }
        let covered = Double(whole - 1) * Self.slotSeconds + now.seconds(since: slotStart)
        let since = now.seconds(since: start)
        let rate = Double(sum) * 8 / max(min(covered, since), Self.slotSeconds)
        negatedRates.insert(-rate, now: now)
        return rate
    }

    /// The highest rate of the last second, in bit/s; 0 when there was none.
    mutating func maximum(now: MonotonicInstant) -> Double {
        negatedRates.advance(to: now)
        return max(0, -negatedRates.value)
    }

    /// Forgets everything.
    mutating func reset(now: MonotonicInstant) {
        self = DeliveryMeter(now: now)
    }

    private mutating func advance(to now: MonotonicInstant) {
        var steps = 0
        while now.seconds(since: slotStart) >= Self.slotSeconds {
            current = (current + 1) % Self.slots
            bytes[current] = 0
            slotStart = slotStart.advanced(bySeconds: Self.slotSeconds)
            steps += 1
            if steps == Self.slots {
                slotStart = now
                return
            }
        }
    }
}
