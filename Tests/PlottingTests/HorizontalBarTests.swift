import Plotting
import Testing

@Suite("Horizontal bar")
struct HorizontalBarTests {
    @Test(
        arguments: [
            (0, ""), (-1, ""), (.nan, ""), (0.005, ""), (0.01, "▏"), (0.05, "▍"), (0.125, "█"), (0.5, "████"),
            (0.515625, "████▏"),
            (0.99, "███████▉"), (1, "████████"), (7, "████████"), (.infinity, "████████"),
        ] as [(Double, String)])
    func showsEighths(share: Double, expected: String) {
        #expect(HorizontalBar.text(share, width: 8) == expected)
    }

    @Test
    func hasNoLengthInNoRoom() {
        #expect(HorizontalBar.text(1, width: 0) == "")
    }
}
