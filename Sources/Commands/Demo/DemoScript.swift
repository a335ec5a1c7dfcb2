import LinkSimulation
import Plotting

/// What happens to the link in the demo, second by second.
struct DemoScript {
    /// A stretch with one rate.
    struct Phase {
        /// What happens, for people.
        let name: String
        /// Seconds from the start.
        let start: Int
        /// Where it ends.
        let end: Int
        /// What the link carries.
        let kilobitsPerSecond: Int
    }

    /// The phases in order, without gaps.
    let phases: [Phase] = [
        Phase(name: "good link", start: 0, end: 10, kilobitsPerSecond: 100),
        Phase(name: "squeezed", start: 10, end: 20, kilobitsPerSecond: 24),
        Phase(name: "deep fade", start: 20, end: 30, kilobitsPerSecond: 12),
        Phase(name: "squeezed", start: 30, end: 40, kilobitsPerSecond: 24),
        Phase(name: "recovery", start: 40, end: 55, kilobitsPerSecond: 100),
    ]

    /// The length in seconds.
    var seconds: Int { phases[phases.count - 1].end }

    /// The phase that holds at a time; the last one after the end.
    func phase(at seconds: Double) -> Phase {
        phases.first { seconds < Double($0.end) } ?? phases[phases.count - 1]
    }

    /// The delay one way.
    let delay = Duration.milliseconds(20)

    /// The link before the script starts: its first phase.
    var calmLink: LinkModel.Configuration {
        link(of: RateSchedule(constant: phases[0].kilobitsPerSecond * 1_000))
    }

    /// The link that the relay plays.
    func link() throws(LinkDescriptionError) -> LinkModel.Configuration {
        link(
            of: try RateSchedule(
                steps: phases.map {
                    .init(start: .seconds($0.start), bitsPerSecond: $0.kilobitsPerSecond * 1_000)
                }))
    }

    private func link(of schedule: RateSchedule) -> LinkModel.Configuration {
        LinkModel.Configuration(
            capacity: .schedule(schedule), propagationDelay: delay, lossProbability: 0.002,
            queueLimit: .time(.milliseconds(500)))
    }

    /// The bad stretches, for the picture.
    var highlights: [Highlight] {
        phases.filter { $0.start > 0 && $0.kilobitsPerSecond < phases[0].kilobitsPerSecond }.map {
            Highlight("\($0.name), \($0.kilobitsPerSecond) kbit/s", over: Double($0.start)...Double($0.end))
        }
    }
}
