import Bundles
import LinkSimulation
import Quantization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("Simulation")
struct SimulationTests {
    static let bundle = Bundle(
        codec: AgentTestStreams.codec(seed: 3), statistics: nil,
        provenance: BundleProvenance(frames: 0, seed: 3, adaptation: "dkm"))

    static var frames: FrameArray {
        var random = SimulationGenerator(state: 11)
        let values = (0..<400 * bundle.codec.dimension).map { _ in Float.random(in: -2...2, using: &random) }
        return FrameArray(
            shape: FrameShape(tokens: 1, tokenDimension: bundle.codec.dimension), values: values)
    }

    static func configuration(
        _ schedule: String, control: SimulationConfiguration.Control = .adaptive, streams: Int = 3,
        seconds: Int64 = 20, loss: Double = 0, seed: UInt64 = 1
    ) throws -> SimulationConfiguration {
        SimulationConfiguration(
            bundle: bundle, frames: frames, control: control, streamCount: streams, frameRate: 50,
            duration: .seconds(seconds),
            forward: .init(
                capacity: .schedule(try RateSchedule(parsing: schedule)), propagationDelay: .milliseconds(20),
                lossProbability: loss, queueLimit: .time(.milliseconds(500))),
            backward: .init(
                capacity: .schedule(RateSchedule(constant: 1_000_000)), propagationDelay: .milliseconds(20)),
            seed: seed)
    }

    static func result(_ configuration: SimulationConfiguration) -> SimulationResult {
        var simulation = Simulation(configuration)
        return simulation.run()
    }

    @Test
    func deliversEverythingOnTimeOnAGoodLink() throws {
        let result = Self.result(try Self.configuration("0s=1Mbit/s"))
        #expect(result.framesOffered == 3 * 15 * 50)
        // The first frames wait for the handshake and hello, 2 round trips.
        #expect(result.onTimeFraction > 0.99)
        let delay = try #require(result.delay)
        // Propagation, the latency budget of 50 ms, and little else.
        #expect(delay.p50 >= 20 && delay.p99 < 100)
        #expect(result.utilisation > 0 && result.utilisation < 1)
        #expect(result.overheadFraction > 0 && result.overheadFraction < 1)
        #expect(result.course.count == 40)
    }

    @Test(arguments: UInt64(1)...4)
    func repeatsFromTheSeed(seed: UInt64) throws {
        let configuration = try Self.configuration(
            "0s=60kbit/s,5s=12kbit/s,12s=60kbit/s", loss: 0.05, seed: seed)
        #expect(Self.result(configuration) == Self.result(configuration))
    }

    @Test
    func rememberedCodesChangeNothing() throws {
        var configuration = try Self.configuration("0s=60kbit/s,5s=12kbit/s,12s=60kbit/s", loss: 0.02)
        let plain = Self.result(configuration)
        configuration.codeMemo = CodeMemo(codec: Self.bundle.codec)
        #expect(Self.result(configuration) == plain)
        #expect(Self.result(configuration) == plain)
    }

    @Test
    func countsTheMeanForWhatIsLate() throws {
        var configuration = try Self.configuration("0s=1Mbit/s")
        let onTime = Self.result(configuration)
        #expect(onTime.meanSNR > 0 && onTime.meanSNR == onTime.deliveredSNR)
        configuration.deadline = .milliseconds(19)
        let late = Self.result(configuration)
        #expect(late.framesDelivered > 0 && late.onTimeFraction == 0)
        #expect(late.meanSNR == 0 && late.deliveredSNR == nil)
        // Half of the time nothing gets through; frames are alike, so that half of the error is the mean's.
        let half = Self.result(try Self.configuration("0s=1Mbit/s,12500ms=0bit/s"))
        let error = (1 + pow(10, -(try #require(half.deliveredSNR)) / 10)) / 2
        #expect(abs(half.onTimeFraction - 0.5) < 0.01)
        #expect(abs(half.meanSNR + 10 * log10(error)) < 0.1)
        #expect(half.repairFraction == 0)
    }

    @Test
    func adaptsWhereAFixedRungIsLate() throws {
        let schedule = "0s=200kbit/s,5s=14kbit/s,15s=200kbit/s"
        let dearest = Self.bundle.codec.ladder.rungs.count - 1
        let weir = Self.result(try Self.configuration(schedule))
        let fixed = Self.result(try Self.configuration(schedule, control: .fixed(rung: dearest)))
        #expect(weir.onTimeFraction > 0.8)
        #expect(try #require(weir.delay).p99 <= 2_500)
        #expect(fixed.meanRung == Double(dearest) && fixed.switchesPerMinute == 0)
    }

    @Test
    func countsWhatAnOutageTakes() throws {
        // Half of the time nothing gets through: no sender can be on time for those frames.
        let schedule = "0s=200kbit/s,10s=0bit/s"
        for control in [SimulationConfiguration.Control.adaptive, .fixed(rung: 0)] {
            let result = Self.result(try Self.configuration(schedule, control: control))
            #expect(result.framesOffered == 2_250)
            #expect(result.onTimeFraction > 0.3 && result.onTimeFraction <= 0.34)
            #expect(result.course.last?.rung == nil && result.course.last?.onTimeFraction == 0)
        }
    }

    @Test
    func losesWithAFixedRungWhatTheLinkLoses() throws {
        let result = Self.result(
            try Self.configuration(
                "0s=1Mbit/s", control: .fixed(rung: 0), streams: 1, seconds: 200, loss: 0.2))
        let delivered = Double(result.framesDelivered) / Double(result.framesOffered)
        // Frames share packets of a few; 10,000 frames are some 3,000 packets: five standard deviations.
        #expect(abs(delivered - 0.8) < 0.04)
    }
}
