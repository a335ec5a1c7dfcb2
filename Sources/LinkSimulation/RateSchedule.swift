import WireFormat

/// A link rate that is constant between given times, such as a scripted fade.
public struct RateSchedule: Sendable, Hashable {
    /// From `start` on the link carries `bitsPerSecond`, until the next step.
    public struct Step: Sendable, Hashable {
        /// The time since the link's start, not negative.
        public let start: Duration
        /// The rate at the IP level, from 0 (nothing gets through) to ``RateSchedule/maximumRate``.
        public let bitsPerSecond: Int

        /// Makes a step.
        public init(start: Duration, bitsPerSecond: Int) {
            self.start = start
            self.bitsPerSecond = bitsPerSecond
        }
    }

    /// The highest rate of a step, 100 Gbit/s.
    public static let maximumRate = 100_000_000_000
    /// The largest number of steps.
    public static let maximumSteps = 100_000
    /// The latest start of a step.
    static let maximumStart = Duration.seconds(366 * 86_400)

    /// The steps in rising order; the first starts at zero.
    public let steps: [Step]
    private let starts: [Int64]

    /// A schedule of these steps, which must rise in time and start at zero.
    public init(steps: [Step]) throws(LinkDescriptionError) {
        guard let first = steps.first, steps.count <= Self.maximumSteps else {
            throw LinkDescriptionError("a schedule has 1 to \(Self.maximumSteps) steps, not \(steps.count)")
        }
        guard first.start == .zero else {
            throw LinkDescriptionError("the first step of a schedule starts at 0s, not at \(first.start)")
        }
        for (step, next) in zip(steps, steps.dropFirst()) where next.start <= step.start {
            throw LinkDescriptionError(
                "the step at \(next.start) does not start after the one at \(step.start)")
        }
        for step in steps {
            guard (0...Self.maximumRate).contains(step.bitsPerSecond) else {
                throw LinkDescriptionError(
                    "the rate \(step.bitsPerSecond) bit/s is not in 0...\(Self.maximumRate)")
            }
            guard step.start <= Self.maximumStart else {
                throw LinkDescriptionError("the step at \(step.start) starts after more than a year")
            }
        }
        self.init(valid: steps)
    }

    /// A link of one rate.
    public init(constant bitsPerSecond: Int) {
        precondition((0...Self.maximumRate).contains(bitsPerSecond), "a rate is in 0...100 Gbit/s")
        self.init(valid: [Step(start: .zero, bitsPerSecond: bitsPerSecond)])
    }

    private init(valid steps: [Step]) {
        self.steps = steps
        self.starts = steps.map { $0.start.wholeNanoseconds }
    }

    /// The rate at a time since the link's start.
    ///
    /// - Complexity: O(log steps)
    public func bitsPerSecond(at time: Duration) -> Int {
        steps[index(at: time.wholeNanoseconds)].bitsPerSecond
    }

    /// The bits that the link could carry between two times since its start.
    ///
    /// - Complexity: O(steps between the times)
    public func bits(from start: Duration, to end: Duration) -> Double {
        let end = end.wholeNanoseconds
        var time = max(start.wholeNanoseconds, 0)
        var index = index(at: time)
        var bits = 0.0
        while time < end {
            let until = min(end, index + 1 < starts.count ? starts[index + 1] : .max)
            bits += Double(steps[index].bitsPerSecond) * Double(until - time) / 1e9
            time = until
            index += 1
        }
        return bits
    }

    /// The first whole nanosecond at which `bytes` are through, when their first bit starts at `start`; `nil` when
    /// they never are.
    func finish(bytes: Int, from start: Int64) -> Int64? {
        // In units of bits × 10⁹, in which rate × nanoseconds is exact. A year of 100 Gbit/s needs more than 64 bits.
        var remaining = Int128(bytes) * 8_000_000_000
        var time = start
        var index = index(at: start)
        while true {
            let rate = Int128(steps[index].bitsPerSecond)
            let isLast = index + 1 == starts.count
            if !isLast {
                let carried = rate * Int128(starts[index + 1] - time)
                if carried < remaining {
                    remaining -= carried
                    time = starts[index + 1]
                    index += 1
                    continue
                }
            }
            guard rate > 0 else { return nil }
            return Int64(exactly: Int128(time) + (remaining + rate - 1) / rate)
        }
    }

    /// The step that holds at a time.
    private func index(at time: Int64) -> Int {
        max(starts.partitionIndex { $0 > time } - 1, 0)
    }
}
