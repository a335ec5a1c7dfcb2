import LinkSimulation
import Plotting

/// The course of a simulation as CSV.
enum SimulationCourse {
    /// A header and a line for each moment; what is not known is empty.
    static func text(_ result: SimulationResult) -> String {
        var lines = [
            "seconds,capacity_bits_per_second,carried_bits_per_second,competing_bits_per_second,reports,mean_rung,"
                + "p50_age_ms,p95_age_ms,on_time_fraction,mean_snr_db"
        ]
        for moment in result.course {
            let figures: [Double?] = [
                moment.rung, moment.medianAge, moment.highAge, moment.onTimeFraction, moment.snr,
            ]
            let rates = [moment.capacity, moment.carried, moment.competing]
            lines.append(
                ([DecimalText.fixed(moment.time, places: 3)] + rates.map { DecimalText.fixed($0, places: 0) }
                    + ["\(moment.reports)"]
                    + figures.map { $0.map { DecimalText.fixed($0, places: 3) } ?? "" })
                    .joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
