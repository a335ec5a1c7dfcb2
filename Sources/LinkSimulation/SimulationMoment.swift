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
    /// IP-level bits of the agents that it carried in a second.
    public let carried: Double
    /// The mean rung of the frames offered in it that arrived; `nil` when none did.
    public let rung: Double?
    /// The median age in milliseconds of those frames at arrival.
    public let medianAge: Double?
    /// The 95th percentile of that age.
    public let highAge: Double?
    /// The share of the frames offered in it that arrived within the deadline.
    public let onTimeFraction: Double?
    /// The SNR in dB over those frames; 0 dB when there were frames and none was on time.
    public let snr: Double?

    /// What a moment is about, while it is summed up.
    private struct Sums {
        var errors = ErrorSums()
        var ages: [Int64] = []
        var rungs = 0
        var offered = 0
    }

    /// The moments of a run, one for each of the tally's buckets.
    static func course(
        configuration: SimulationConfiguration, tally: SimulationTally, capacityBits: [Double]
    ) -> [SimulationMoment] {
        let deadline = configuration.deadline.wholeNanoseconds
        var buckets = [Sums](repeating: Sums(), count: capacityBits.count)
        for stream in tally.records.indices {
            for (sequence, record) in tally.records[stream].enumerated() {
                let bucket = (record.offered - SimulationClock.start.nanoseconds) / tally.bucketLength
                let index = min(Int(bucket), buckets.count - 1)
                buckets[index].offered += 1
                buckets[index].errors.add(
                    record, meanError: tally.meanError(stream: stream, sequence: sequence),
                    isOnTime: record.isOnTime(deadline))
                guard let arrived = record.arrived else { continue }
                buckets[index].ages.append(arrived - record.offered)
                buckets[index].rungs += Int(record.rung)
            }
        }
        return buckets.indices.map { bucket in
            let start = Int64(bucket) * tally.bucketLength
            let length = min(tally.bucketLength, configuration.duration.wholeNanoseconds - start)
            return SimulationMoment(
                buckets[bucket], start: start, length: length, capacityBits: capacityBits[bucket],
                carriedBytes: tally.carriedBytes[bucket])
        }
    }

    private init(
        _ sums: Sums, start: Int64, length: Int64, capacityBits: Double, carriedBytes: Int
    ) {
        time = Double(start) / 1e9
        self.length = Double(length) / 1e9
        capacity = capacityBits / self.length
        carried = Double(carriedBytes) * 8 / self.length
        let percentiles = SimulationResult.DelayPercentiles(nanoseconds: sums.ages)
        medianAge = percentiles?.p50
        highAge = percentiles?.p95
        rung = sums.ages.isEmpty ? nil : Double(sums.rungs) / Double(sums.ages.count)
        onTimeFraction = sums.offered == 0 ? nil : Double(sums.errors.onTime) / Double(sums.offered)
        snr = sums.errors.snr
    }
}
