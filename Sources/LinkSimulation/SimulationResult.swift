import Bundles
import Quantization
import WireFormat

/// What a simulation measured, over all frames offered after its warm-up.
public struct SimulationResult: Sendable, Equatable {
    /// Frames offered.
    public let framesOffered: Int
    /// Frames that arrived, late ones included.
    public let framesDelivered: Int
    /// Frames that arrived within the deadline, as a share of those offered.
    public let onTimeFraction: Double
    /// −10·log10(Σ|x−x̂|² / Σ|x−mean|²) in dB over all offered frames, where x̂ is the rebuilt frame if it was on time
    /// and else the bundle's mean: 0 dB when none was.
    public let meanSNR: Double
    /// The same over the frames that were on time; `nil` when none was.
    public let deliveredSNR: Double?
    /// Percentiles of the age in milliseconds at which frames arrived; `nil` when none did.
    public let delay: DelayPercentiles?
    /// Percentiles of the time in milliseconds that packets spent in the bottleneck and its queue; `nil` for none.
    public let queueDelay: DelayPercentiles?
    /// Bits of the agents that the link carried as a share of those it could have carried.
    public let utilisation: Double
    /// IP-level bit/s of each agent that got through the link.
    public let agentRates: [Double]
    /// IP-level bit/s of each competing flow that got through the link.
    public let competingRates: [Double]
    /// Changes of the rung from one delivered frame to the next, for each stream and minute.
    public let switchesPerMinute: Double
    /// Bytes that are not coded frames (headers, hellos, reports), as a share of the bytes of both directions.
    public let overheadFraction: Double
    /// Bytes of coded frames that were sent before, as a share of the bytes of both directions.
    public let repairFraction: Double
    /// The mean rung of the frames on time; `nil` when none was.
    public let meanRung: Double?
    /// The course of the whole run.
    public let course: [SimulationMoment]

    /// Percentiles of the age at arrival, in milliseconds.
    public struct DelayPercentiles: Sendable, Equatable {
        /// The median.
        public let p50: Double
        /// The 95th percentile.
        public let p95: Double
        /// The 99th percentile.
        public let p99: Double

        /// Percentiles by nearest rank; `nil` for no ages. Source: Hyndman and Fan, 1996, definition 1.
        init?(nanoseconds ages: [Int64]) {
            guard !ages.isEmpty else { return nil }
            let sorted = ages.sorted()
            func percentile(_ fraction: Double) -> Double {
                let rank = Int((fraction * Double(sorted.count)).rounded(.up))
                return Double(sorted[max(rank, 1) - 1]) / 1e6
            }
            p50 = percentile(0.50)
            p95 = percentile(0.95)
            p99 = percentile(0.99)
        }
    }

    /// Measures; `capacityBits` is what the link could carry from the warm-up's end on.
    init(
        configuration: SimulationConfiguration, tally: SimulationTally, capacityBits: Double,
        course: [SimulationMoment]
    ) {
        let deadline = configuration.deadline.wholeNanoseconds
        let measuredFrom = (SimulationClock.start + configuration.warmUp).nanoseconds
        var ages: [Int64] = []
        var sums = ErrorSums()
        var offered = 0
        var sumRung = 0
        var switches = 0
        for stream in tally.records.indices {
            var lastRung: Int16?
            for (sequence, record) in tally.records[stream].enumerated() where record.offered >= measuredFrom
            {
                offered += 1
                let isOnTime = record.isOnTime(deadline)
                sums.add(
                    record, meanError: tally.meanError(stream: stream, sequence: sequence),
                    isOnTime: isOnTime)
                guard let arrived = record.arrived else { continue }
                ages.append(arrived - record.offered)
                if isOnTime { sumRung += Int(record.rung) }
                if let lastRung, lastRung != record.rung { switches += 1 }
                lastRung = record.rung
            }
        }
        framesOffered = offered
        framesDelivered = ages.count
        onTimeFraction = Double(sums.onTime) / Double(max(offered, 1))
        meanSNR = sums.snr ?? 0
        deliveredSNR = sums.deliveredSNR
        meanRung = sums.onTime > 0 ? Double(sumRung) / Double(sums.onTime) : nil
        delay = DelayPercentiles(nanoseconds: ages)
        queueDelay = DelayPercentiles(nanoseconds: tally.queueTimes)
        let carried = tally.agentBytes.reduce(0, +)
        utilisation = capacityBits > 0 ? Double(carried) * 8 / capacityBits : 0
        let measured = configuration.duration - configuration.warmUp
        let seconds = Double(measured.wholeNanoseconds) / 1e9
        agentRates = tally.agentBytes.map { Double($0) * 8 / seconds }
        competingRates = tally.competingBytes.map { Double($0) * 8 / seconds }
        switchesPerMinute = Double(switches) / Double(tally.records.count) * 60 / seconds
        let sent = Double(max(tally.sent.total, 1))
        overheadFraction = tally.sent.total > 0 ? 1 - Double(tally.sent.payload) / sent : 0
        repairFraction = Double(tally.sent.repair) / sent
        self.course = course
    }
}
