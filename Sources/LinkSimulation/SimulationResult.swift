import Bundles
import Quantization
import WireFormat

/// What a simulation measured.
public struct SimulationResult: Sendable, Equatable {
    /// Frames offered.
    public let framesOffered: Int
    /// Frames that arrived, late ones included.
    public let framesDelivered: Int
    /// Frames that arrived within the deadline, as a share of those offered.
    public let onTimeFraction: Double
    /// The mean over all offered frames of a frame's SNR in dB; a frame that is not on time counts 0 dB.
    public let meanSNR: Double
    /// The SNR in dB over the frames that were on time; `nil` when none was.
    public let deliveredSNR: Double?
    /// Percentiles of the age in milliseconds at which frames arrived; `nil` when none did.
    public let delay: DelayPercentiles?
    /// Bits that the link carried as a share of those it could have carried.
    public let utilisation: Double
    /// Changes of the rung from one delivered frame to the next, for each stream and minute.
    public let switchesPerMinute: Double
    /// Bytes that are not coded frames (headers, hellos, reports), as a share of the bytes of both directions.
    public let overheadFraction: Double
    /// The mean rung of the frames on time; `nil` when none was.
    public let meanRung: Double?
    /// The course of the run.
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

    init(configuration: SimulationConfiguration, tally: SimulationTally, capacityBits: [Double]) {
        let deadline = configuration.deadline.wholeNanoseconds
        let dimension = Double(configuration.bundle.codec.dimension)
        let variance = FrameStatistics.variance(
            of: configuration.frames, around: configuration.bundle.codec.normalization.mean)
        let records = tally.records.joined()
        var ages: [Int64] = []
        var onTime = 0
        var sumSNR = 0.0
        var sumError = 0.0
        var sumRung = 0
        for record in records {
            guard let arrived = record.arrived else { continue }
            ages.append(arrived - record.offered)
            guard arrived - record.offered <= deadline else { continue }
            onTime += 1
            sumError += record.squaredError
            sumRung += record.rung
            sumSNR += FrameStatistics.snr(mse: record.squaredError / dimension, variance: variance)
        }
        framesOffered = records.count
        framesDelivered = ages.count
        onTimeFraction = Double(onTime) / Double(max(framesOffered, 1))
        meanSNR = sumSNR / Double(max(framesOffered, 1))
        deliveredSNR =
            onTime > 0
            ? FrameStatistics.snr(mse: sumError / dimension / Double(onTime), variance: variance) : nil
        meanRung = onTime > 0 ? Double(sumRung) / Double(onTime) : nil
        delay = DelayPercentiles(nanoseconds: ages)
        let capacity = capacityBits.reduce(0, +)
        utilisation = capacity > 0 ? tally.carriedBytes.reduce(0, +) * 8 / capacity : 0
        let minutes = Double(configuration.duration.wholeNanoseconds) / 60e9
        switchesPerMinute =
            Double(tally.records.reduce(0) { $0 + Self.switches(in: $1) })
            / Double(configuration.streamCount) / minutes
        overheadFraction =
            tally.sentBytes > 0 ? 1 - Double(tally.payloadBytes) / Double(tally.sentBytes) : 0
        course = SimulationMoment.course(
            configuration: configuration, tally: tally, capacityBits: capacityBits, variance: variance)
    }

    private static func switches(in records: [FrameRecord]) -> Int {
        let rungs = records.filter { $0.arrived != nil }.map(\.rung)
        return zip(rungs, rungs.dropFirst()).count { $0 != $1 }
    }
}
