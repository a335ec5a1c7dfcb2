import Plotting
import Testing

@Suite("Decimal text")
struct DecimalTextTests {
    @Test(
        arguments: [
            (0.0, 0, "0"), (0.5, 0, "1"), (-0.5, 0, "-1"), (1.005, 1, "1.0"), (0.049, 1, "0.0"),
            (-2.25, 1, "-2.3"),
            (0.06, 2, "0.06"), (123.456, 2, "123.46"), (999, 0, "999"), (9_999, 0, "9,999"),
            (10_000, 0, "10,000"),
            (-1_234_567.8, 1, "-1,234,567.8"), (1e300, 0, "9,000,000,000,000,000,000"),
        ] as [(Double, Int, String)])
    func roundsAndGroups(value: Double, places: Int, expected: String) {
        #expect(DecimalText.fixed(value, places: places, grouping: true) == expected)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func showsNoNumberAsDash(value: Double) {
        #expect(DecimalText.fixed(value, places: 2) == "–")
    }

    @Test
    func agreesWithTheValueItCameFrom() {
        // Every text must read back as a number within half a unit of its last place.
        for step in -2_000...2_000 {
            let value = Double(step) * 0.3717
            for places in 0...4 {
                let text = DecimalText.fixed(value, places: places)
                let half = 0.500001 * (0..<places).reduce(1.0) { unit, _ in unit / 10 }
                #expect(
                    Double(text).map { abs($0 - value) <= half } == true,
                    "\(value) with \(places) places: \(text)")
            }
        }
    }
}
