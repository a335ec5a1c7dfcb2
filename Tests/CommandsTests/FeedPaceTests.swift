import Commands
import Testing

@Suite("Feed pace")
struct FeedPaceTests {
    @Test(arguments: [0.1, 1, 29.97, 1_000, 1_000_000.5, 3e9])
    func dueFramesAgreeWithInstants(framesPerSecond: Double) {
        let pace = FeedPace(framesPerSecond: framesPerSecond, start: 5_000_000_000)
        for number in [0, 1, 2, 3, 999, 1_000, 123_457] {
            let due = pace.instant(ofFrame: number)
            // At rates above one a nanosecond several frames share an instant.
            #expect(pace.framesDue(at: due) > number)
            #expect(pace.framesDue(at: due - 1) <= number)
        }
    }

    @Test
    func errorsDoNotAddUp() {
        let pace = FeedPace(framesPerSecond: 30, start: 0)
        #expect(pace.instant(ofFrame: 30 * 86_400) == 86_400_000_000_000)
        #expect(pace.framesDue(at: 86_400_000_000_000) == 30 * 86_400 + 1)
    }

    @Test
    func nothingIsDueBeforeTheStart() {
        let pace = FeedPace(framesPerSecond: 10, start: 1_000)
        #expect(pace.framesDue(at: 0) == 0)
        #expect(pace.framesDue(at: 999) == 0)
        #expect(pace.framesDue(at: 1_000) == 1)
    }
}
