import Bundles
import Quantization
import WireFormat

/// A short stretch of a simulation, for plots.
public struct SimulationMoment: Sendable, Equatable {
    /// Seconds from the first frame to the stretch's start.
    public let time: Double
    /// Its length in seconds.
    public let length: Double
    /// Bits that the link could carry in a second.
    public let capacity: Double
    /// IP-level bits that it carried in a second.
    public let carried: Double
    /// The mean rung of the frames offered in it that arrived; `nil` when none did.
    public let rung: Double?
    /// The median age in milliseconds of those frames at arrival.
    public let medianAge: Double?
    /// The 95th percentile of that age.
    public let highAge: Double?
    /// The share of the frames offered in it that arrived within the deadline.
    public let onTimeFraction: Double?
    /// The SNR in dB over those frames.
    public let snr: Double?

    /// The moments of a run, one for each of the tally's buckets.
    static func course(
        configuration: SimulationConfiguration, tally: SimulationTally, capacityBits: [Double],
        variance: Double
    ) -> [SimulationMoment] {
        var buckets = [[FrameRecord]](repeating: [], count: capacityBits.count)
        for record in tally.records.joined() {
            let bucket = (record.offered - SimulationClock.start.nanoseconds) / tally.bucketLength
            buckets[min(Int(bucket), buckets.count - 1)].append(record)
        }
        return buckets.indices.map { bucket in
            SimulationMoment(
                start: Int64(bucket) * tally.bucketLength, records: buckets[bucket],
                configuration: configuration,
                bucketLength: tally.bucketLength, capacityBits: capacityBits[bucket],
                carriedBytes: tally.carriedBytes[bucket], variance: variance)
        }
    }

    private init(
        start: Int64, records: [FrameRecord], configuration: SimulationConfiguration, bucketLength: Int64,
        capacityBits: Double, carriedBytes: Double, variance: Double
    ) {
        let deadline = configuration.deadline.wholeNanoseconds
        let dimension = Double(configuration.bundle.codec.dimension)
        time = Double(start) / 1e9
        length = Double(min(bucketLength, configuration.duration.wholeNanoseconds - start)) / 1e9
        capacity = capacityBits / length
        carried = carriedBytes * 8 / length
        let arrived = records.filter { $0.arrived != nil }
        let ages = arrived.map { ($0.arrived ?? $0.offered) - $0.offered }
        let percentiles = SimulationResult.DelayPercentiles(nanoseconds: ages)
        medianAge = percentiles?.p50
        highAge = percentiles?.p95
        rung =
            arrived.isEmpty ? nil : Double(arrived.reduce(0) { $0 + $1.rung }) / Double(arrived.count)
        let onTime = arrived.filter { ($0.arrived ?? .max) - $0.offered <= deadline }
        onTimeFraction = records.isEmpty ? nil : Double(onTime.count) / Double(records.count)
        snr =
            onTime.isEmpty
            ? nil
            : FrameStatistics.snr(
                mse: onTime.reduce(0) { $0 + $1.squaredError } / dimension / Double(onTime.count),
                variance: variance)
    }
}
