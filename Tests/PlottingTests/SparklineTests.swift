import Plotting
import Testing

@Suite("Sparkline")
struct SparklineTests {
    @Test
    func spansTheBlocks() {
        #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    }

    @Test
    func holdsValuesInRange() {
        #expect(Sparkline.text([-10, 0, 5, 10, 99], range: 0...10) == "▁▁▅██")
    }

    @Test
    func spacesDecadesEvenly() {
        #expect(
            Sparkline.text([1, 10, 100, 1_000, 10_000], range: 1...10_000, scale: .logarithmic) == "▁▃▅▇█")
        #expect(Sparkline.text([0, -3, 1], range: 1...10, scale: .logarithmic) == "▁▁▁")
    }

    @Test
    func leavesGapsBlank() {
        #expect(Sparkline.text([.nan, 1, .infinity, 2]) == " ▁ █")
        #expect(Sparkline.text([.nan, .nan]) == "  ")
        #expect(Sparkline.text([]).isEmpty)
    }

    @Test
    func drawsEqualValuesLow() {
        #expect(Sparkline.text([3, 3, 3]) == "▁▁▁")
    }
}
