public import WireFormat

import DequeModule

/// One direction of a link: a bottleneck with a finite queue, then losses, then a delay that may vary.
///
/// Pure and seeded: the same calls give the same outcomes. Times go in and come out; nothing waits. Since the
/// queue is first in, first out and the capacity is known, a packet's delivery is known when it enters.
public struct LinkModel: Sendable {
    /// How much may wait for the bottleneck before packets are dropped at the tail.
    public enum QueueLimit: Sendable, Hashable {
        /// This many bytes, the packet in transmission included.
        case bytes(Int)
        /// What the link carries in this time at its present rate (a trace: at its mean rate), and two full packets
        /// at least.
        case time(Duration)
    }

    /// The properties of a link.
    public struct Configuration: Sendable, Hashable {
        /// What the bottleneck carries.
        public var capacity: LinkCapacity
        /// The delay of every packet after the bottleneck.
        public var propagationDelay: Duration
        /// The probability, from 0 to 1, that a packet which used the bottleneck is lost after it.
        public var lossProbability: Double
        /// The size of the queue.
        public var queueLimit: QueueLimit
        /// Losses in bursts, besides; nil for none.
        public var burstLoss: BurstLoss?
        /// The deviation of the delay from packet to packet: a normal number cut at three deviations; a delay is never
        /// negative (RFC 8868), and packets stay in order.
        public var jitterDeviation = Duration.zero
        /// The probability, from 0 to 1, that a packet is held back by `reorderDelay` while others overtake it.
        public var reorderProbability = 0.0
        /// By how much a packet that is overtaken is late.
        public var reorderDelay = Duration.milliseconds(30)

        /// Describes a link.
        public init(
            capacity: LinkCapacity,
            propagationDelay: Duration = .zero,
            lossProbability: Double = 0,
            queueLimit: QueueLimit = .bytes(500_000)
        ) {
            precondition(propagationDelay >= .zero, "a delay is not negative")
            precondition((0...1).contains(lossProbability), "a probability is in 0...1")
            switch queueLimit {
            case .bytes(let bytes): precondition(bytes >= 0, "a queue size is not negative")
            case .time(let time): precondition(time >= .zero, "a queue size is not negative")
            }
            self.capacity = capacity
            self.propagationDelay = propagationDelay
            self.lossProbability = lossProbability
            self.queueLimit = queueLimit
        }

        /// A link without a bottleneck, with a delay and losses.
        public static func unlimited(delay: Duration, lossProbability: Double = 0) -> Self {
            Self(
                capacity: .schedule(RateSchedule(constant: RateSchedule.maximumRate)),
                propagationDelay: delay, lossProbability: lossProbability)
        }
    }

    /// Why a packet does not arrive.
    public enum DropReason: Sendable, Hashable, CaseIterable {
        /// The queue had no room.
        case queueFull
        /// Chance, after the bottleneck.
        case randomLoss
        /// The capacity ends at zero for ever.
        case linkDown
    }

    /// What becomes of a packet.
    public enum Outcome: Sendable, Hashable {
        /// It arrives at this time.
        case delivered(at: MonotonicInstant)
        /// It does not arrive.
        case dropped(DropReason)
    }

    /// The properties of the link.
    public let configuration: Configuration
    /// What happened so far.
    public private(set) var counters = LinkCounters()

    private let origin: MonotonicInstant
    private let delayNanoseconds: Int64
    private var impairment: LinkImpairment
    /// When the newest packet that was not held back arrives.
    private var lastArrival: Int64 = 0
    /// When the newest packet leaves the bottleneck, since the link's start.
    private(set) var lastFinish: Int64 = 0
    /// Packets that have not left the bottleneck, oldest first; bounded by the queue's bytes.
    private var queue: Deque<(finish: Int64, bytes: Int)> = []
    private var queuedBytes = 0
    /// When the bottleneck is through with the newest packet of a schedule.
    private var busyUntil: Int64 = 0
    /// The trace's opportunity in use and its bytes left.
    private var place = LinkTrace.Place()
    private var placeBytes: Int

    /// A link whose schedule or trace starts at `origin`.
    public init(configuration: Configuration, origin: MonotonicInstant, seed: UInt64) {
        self.configuration = configuration
        self.origin = origin
        delayNanoseconds = configuration.propagationDelay.wholeNanoseconds
        impairment = LinkImpairment(configuration, seed: seed)
        placeBytes = if case .trace(let trace) = configuration.capacity { trace.opportunityBytes } else { 0 }
    }

    /// Offers a packet of `bytes`, IP header included, and says what becomes of it.
    ///
    /// Calls go forward in time; a packet offered late waits behind those offered before it, and arrives after them
    /// unless it is one that is held back.
    ///
    /// - Complexity: O(log size of the schedule or trace), amortised, plus the opportunities that the packet spans.
    public mutating func enqueue(bytes: Int, at now: MonotonicInstant) -> Outcome {
        precondition(bytes >= 1 && bytes <= 65_575, "an IP packet has 1 to 65,575 bytes")
        let time = max(now.nanoseconds - origin.nanoseconds, 0)
        counters.offeredPackets += 1
        counters.offeredBytes += UInt64(bytes)
        leave(until: time)
        guard queue.isEmpty || queuedBytes + bytes <= limit(at: time) else { return drop(.queueFull) }
        guard let finish = transmit(bytes: bytes, at: time) else { return drop(.linkDown) }
        queue.append((finish, bytes))
        queuedBytes += bytes
        lastFinish = finish
        guard !impairment.losesPacket() else { return drop(.randomLoss) }
        counters.deliveredPackets += 1
        counters.deliveredBytes += UInt64(bytes)
        return .delivered(at: MonotonicInstant(nanoseconds: origin.nanoseconds + arrival(of: finish)))
    }

    private mutating func arrival(of finish: Int64) -> Int64 {
        let delay = max(delayNanoseconds + impairment.jitter(), 0)
        if impairment.holdsBack() {
            return finish + delay + configuration.reorderDelay.wholeNanoseconds
        }
        lastArrival = max(lastArrival, finish + delay)
        return lastArrival
    }

    /// The bytes that wait or are in transmission.
    ///
    /// - Complexity: O(packets that have left since the last one was offered)
    public func backlog(at now: MonotonicInstant) -> Int {
        let time = now.nanoseconds - origin.nanoseconds
        var bytes = queuedBytes
        for packet in queue {
            guard packet.finish <= time else { break }
            bytes -= packet.bytes
        }
        return bytes
    }

    /// The bits that the link could carry between two instants, for plots and utilisation.
    public func capacityBits(from start: MonotonicInstant, to end: MonotonicInstant) -> Double {
        configuration.capacity.bits(
            from: .nanoseconds(start.nanoseconds - origin.nanoseconds),
            to: .nanoseconds(end.nanoseconds - origin.nanoseconds))
    }

    // MARK: - The bottleneck

    private mutating func leave(until time: Int64) {
        while let first = queue.first, first.finish <= time {
            queuedBytes -= first.bytes
            queue.removeFirst()
        }
    }

    private func limit(at time: Int64) -> Int {
        switch configuration.queueLimit {
        case .bytes(let bytes): return bytes
        case .time(let duration):
            let rate = configuration.capacity.bitsPerSecond(at: .nanoseconds(time))
            let bytes = rate / 8 * Double(duration.wholeNanoseconds) / 1e9
            return max(Int(min(bytes, 1e12)), 2 * LinkTrace.standardOpportunity)
        }
    }

    /// When the last byte is through the bottleneck; `nil` for never.
    private mutating func transmit(bytes: Int, at time: Int64) -> Int64? {
        switch configuration.capacity {
        case .schedule(let schedule):
            guard let finish = schedule.finish(bytes: bytes, from: max(time, busyUntil)) else { return nil }
            busyUntil = finish
            return finish
        case .trace(let trace):
            return transmit(bytes: bytes, at: time, over: trace)
        }
    }

    private mutating func transmit(bytes: Int, at time: Int64, over trace: LinkTrace) -> Int64 {
        if trace.time(of: place) < time {
            place = trace.firstPlace(at: time)
            placeBytes = trace.opportunityBytes
        }
        var remaining = bytes
        while true {
            let used = min(remaining, placeBytes)
            placeBytes -= used
            remaining -= used
            if remaining == 0 { return trace.time(of: place) }
            place = trace.place(after: place)
            placeBytes = trace.opportunityBytes
        }
    }

    private mutating func drop(_ reason: DropReason) -> Outcome {
        switch reason {
        case .queueFull: counters.queueFull += 1
        case .randomLoss: counters.randomLoss += 1
        case .linkDown: counters.linkDown += 1
        }
        return .dropped(reason)
    }
}
