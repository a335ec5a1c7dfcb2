public import ArgumentParser
import Bundles
import Quantization

/// `weir feed`: sends frames of a file to an agent, as a producer would.
public struct FeedCommand: ParsableCommand {
    /// Name and help.
    public static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "Send the frames of an .npy file to an agent.")

    @Argument(help: "The .npy file: n × dimension or n × tokens × dimension.")
    var frames: String

    @Option(help: "The stream to feed.")
    var stream: String

    @Option(
        help: ArgumentHelp("Frames per second; without it, as fast as the agent takes them.", valueName: "hz")
    )
    var rate: Double?

    @Option(help: "How many frames to send; without it, each frame once, or for ever with --loop.")
    var count: Int?

    @Option(help: "The agent's ingest socket.")
    var socket: String = "/run/weir/ingest.sock"

    @Flag(help: "Begin again at the first frame after the last.")
    var loop = false

    /// Creates the command; its options come from the command line.
    public init() {}

    /// Refuses rates and counts that make no sense.
    public func validate() throws {
        if let rate, !(0.001...1_000_000 ~= rate) {
            throw ValidationError(
                "--rate \(rate): allowed are 0.001 to 1000000 frames per second")
        }
        if let count, count < 1 { throw ValidationError("--count \(count): allowed is 1 or more") }
    }

    /// Feeds the frames.
    public func run() throws {
        let array: FrameArray
        do {
            array = try FrameArray.read(path: frames)
        } catch {
            throw CommandFailure(path: frames, error)
        }
        guard array.count > 0 else { throw CommandFailure(path: frames, "there is no frame in it") }
        if let count, !loop, count > array.count {
            throw CommandFailure(
                path: frames, "it has \(array.count) frames, --count asks for \(count); --loop begins again")
        }
        let total = count ?? (loop ? Int.max : array.count)
        var producer = try IngestProducer.connect(
            socket: socket, stream: stream, dimension: array.shape.dimension)
        try feed(array, total: total, to: &producer)
        try producer.finish()
        Console.message("\(total) frames fed to \(stream)")
    }

    private func feed(_ array: FrameArray, total: Int, to producer: inout IngestProducer) throws {
        let pace = rate.map { FeedPace(framesPerSecond: $0, start: SystemTime.monotonic()) }
        let dimension = array.shape.dimension
        var progress = ProgressBar()
        defer { progress.finish() }
        var sent = 0
        while sent < total {
            let due = pace?.framesDue(at: SystemTime.monotonic()) ?? total
            guard due > sent else {
                // A paced frame goes out at its time; what waits in the buffer goes out before the pause.
                try producer.flush()
                if let pace { SystemTime.sleep(until: pace.instant(ofFrame: sent)) }
                continue
            }
            let first = (sent % array.count) * dimension
            try producer.append(array.values[first..<first + dimension], timestamp: SystemTime.wall())
            sent += 1
            if sent % 64 == 0 { progress.update(Double(sent) / Double(total), "\(sent) frames") }
        }
        try producer.flush()
    }
}
