import WireFormat

/// The least value of a sliding time window, kept as one minimum for each of a few parts of it.
///
/// Values are forgotten a part at a time, so the window's length varies by one part.
struct WindowedMinimum: Sendable {
    private let partSeconds: Double
    private var minima: [Double]
    private var current = 0
    private var partEnd: MonotonicInstant

    /// Makes an empty window of `seconds`, in `parts` parts.
    init(seconds: Double, parts: Int, now: MonotonicInstant) {
        partSeconds = seconds / Double(parts)
        minima = Array(repeating: .infinity, count: parts)
        partEnd = now.advanced(bySeconds: partSeconds)
    }

    /// The least value in the window; infinity when it has none.
    var value: Double {
        var least = Double.infinity
        for minimum in minima { least = min(least, minimum) }
        return least
    }

    /// Forgets what is older than the window.
    mutating func advance(to now: MonotonicInstant) {
        var steps = 0
        while now >= partEnd {
            current = current + 1 == minima.count ? 0 : current + 1
            minima[current] = .infinity
            partEnd = partEnd.advanced(bySeconds: partSeconds)
            steps += 1
            if steps == minima.count {
                partEnd = now.advanced(bySeconds: partSeconds)
                return
            }
        }
    }

    /// Adds a value.
    mutating func insert(_ value: Double, now: MonotonicInstant) {
        advance(to: now)
        minima[current] = min(minima[current], value)
    }

    /// Forgets everything.
    mutating func reset(now: MonotonicInstant) {
        for part in minima.indices { minima[part] = .infinity }
        partEnd = now.advanced(bySeconds: partSeconds)
    }
}
