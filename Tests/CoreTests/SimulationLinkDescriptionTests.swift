import LinkSimulation
import Testing

@Suite("Descriptions of links")
struct SimulationLinkDescriptionTests {
    @Test(arguments: [
        ("200kbit/s", 200_000), ("1.5Mbit/s", 1_500_000), ("0bit/s", 0), ("100Gbit/s", 100_000_000_000),
        ("7bit/s", 7),
    ])
    func readsRates(text: String, expected: Int) throws {
        #expect(try RateSchedule.rate(parsing: text) == expected)
    }

    @Test(arguments: [
        "", "200", "kbit/s", "-1kbit/s", "1e3bit/s", "infbit/s", "0x1bit/s", "101Gbit/s", "1kB/s",
        "1..2bit/s",
    ])
    func refusesRates(text: String) {
        #expect(throws: LinkDescriptionError.self) { try RateSchedule.rate(parsing: text) }
    }

    @Test
    func readsSchedules() throws {
        let schedule = try RateSchedule(parsing: "0s=2Mbit/s,500ms=20kbit/s, 1.5min=1Mbit/s")
        #expect(
            schedule.steps == [
                .init(start: .zero, bitsPerSecond: 2_000_000),
                .init(start: .milliseconds(500), bitsPerSecond: 20_000),
                .init(start: .seconds(90), bitsPerSecond: 1_000_000),
            ])
        #expect(schedule.bitsPerSecond(at: .milliseconds(499)) == 2_000_000)
        #expect(schedule.bitsPerSecond(at: .milliseconds(500)) == 20_000)
        #expect(schedule.bits(from: .zero, to: .seconds(1)) == 1_010_000)
    }

    @Test(arguments: [
        "", "0s", "1s=1kbit/s", "0s=1kbit/s,", "0s=1kbit/s,0s=2kbit/s", "0s=1kbit/s,2s=1kbit/s,1s=1kbit/s",
        "0=1kbit/s",
        "0s=1kbit/s=2", "0s=1kbit/s,99999999min=1kbit/s",
    ])
    func refusesSchedules(text: String) {
        #expect(throws: LinkDescriptionError.self) { try RateSchedule(parsing: text) }
    }

    @Test(arguments: [
        ("", "at least one line"), ("0\n0\n", "at least one line"), ("1\nx\n", "line 2"),
        ("5\n4\n", "line 2: 4 ms"),
        ("1\n\n99999999999\n", "line 3"), ("-1\n", "line 1"), ("1 2\n", "line 1"),
    ])
    func refusesTraces(text: String, part: String) {
        let error = #expect(throws: LinkDescriptionError.self) { try LinkTrace(parsing: Array(text.utf8)) }
        #expect(error?.description.contains(part) == true)
    }

    @Test(arguments: [0, -1, 1e-9, 1e9, Double.nan, .infinity])
    func refusesScales(scale: Double) {
        #expect(throws: LinkDescriptionError.self) { try LinkTrace(parsing: Array("1\n".utf8), scale: scale) }
    }

    @Test
    func scalesOpportunitiesAndReadsForeignLineEnds() throws {
        let trace = try LinkTrace(parsing: Array("1\r\n2\r\n\r\n".utf8), scale: 0.5)
        #expect(trace.opportunityBytes == 752)
        #expect(trace.period == .milliseconds(2))
    }
}
