import Foundation
import LinkSimulation
import Testing

/// The delay-gradient baseline against figures of a delay-gradient controller with probing from elsewhere, on recorded
/// links: quality, per cent on time, p95 in ms. Needs the directory that WEIR_DATA names.
@Suite("The delay-gradient opponent")
struct SimulationOpponentTests {
    static let data = ProcessInfo.processInfo.environment["WEIR_DATA"]

    @Test(
        .enabled(if: data != nil, "WEIR_DATA names no directory"),
        arguments: [
            ("Verizon-LTE-short", 98.0, [5.4, 90.7, 1_073]),
            ("ATT-LTE-driving-2016", 89.3, [3.9, 74.2, 1_681]),
            ("TMobile-UMTS-driving", 71.4, [1.2, 16.2, 28_090]),
            ("Verizon-EVDO-driving", 94.8, [3.3, 86.7, 1_678]),
        ])
    func isAsElsewhere(name: String, fixed: Double, expected: [Double]) throws {
        let path = "\(Self.data ?? "")/traces/\(name).up"
        let trace = try LinkTrace(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
        var cheapest = NominalLadder(trace: trace, control: nil)
        let bound = cheapest.run(seconds: 100)
        var ladder = NominalLadder(trace: trace, control: .delayGradient)
        let figures = ladder.run(seconds: 100)
        print(name, "fixed", bound.onTime, "of", fixed, "gradient", figures, "of", expected)
    }
}
