import Bundles
import CollectorCore
import Quantization
import WireFormat

/// Notes what becomes of each frame, and the packets' bytes over time.
///
/// A class, since it is written to from within calls of the cores.
final class SimulationTally {
    /// Frames by stream, then sequence.
    private(set) var records: [[FrameRecord]]
    /// IP-level bytes of packets that got through the link, by when, for each bucket of time.
    private(set) var carriedBytes: [Double]
    /// The length of a bucket in nanoseconds.
    let bucketLength: Int64
    /// IP-level bytes sent in both directions.
    var sentBytes: UInt64 = 0
    /// Bytes of coded frames in those.
    var payloadBytes: UInt64 = 0

    private let configuration: SimulationConfiguration
    private let start: Int64

    /// Starts with no frames; `start` is when the first is offered.
    init(configuration: SimulationConfiguration, start: Int64) {
        self.configuration = configuration
        self.start = start
        records = Array(repeating: [], count: configuration.streamCount)
        for stream in records.indices { records[stream].reserveCapacity(configuration.framesPerStream) }
        let length = configuration.duration.wholeNanoseconds
        // As many as a picture can show, but not shorter than half a second.
        bucketLength = max(500_000_000, (length / 400 / 500_000_000) * 500_000_000)
        carriedBytes = Array(repeating: 0, count: Int((length + bucketLength - 1) / bucketLength))
    }

    /// Notes that a stream's next frame was offered.
    func offered(stream: Int, at now: Int64) {
        records[stream].append(FrameRecord(offered: now))
    }

    /// Notes that a frame arrived, with its rebuilt values.
    func delivered(_ frame: DeliveredFrame, values: Span<Float>, at time: Int64) {
        let stream = frame.streamIndex
        let sequence = Int(frame.sequence)
        precondition(records[stream][sequence].arrived == nil, "a frame is delivered once")
        let dimension = configuration.bundle.codec.dimension
        let first = configuration.frameIndex(stream: stream, sequence: sequence) * dimension
        var squaredError = 0.0
        for index in 0..<dimension {
            let difference = Double(configuration.frames.values[first + index]) - Double(values[index])
            squaredError += difference * difference
        }
        records[stream][sequence].arrived = time
        records[stream][sequence].rung = frame.rung
        records[stream][sequence].squaredError = squaredError
    }

    /// Notes a packet that left the link at `time`.
    func carried(bytes: Int, at time: Int64) {
        let bucket = (time - start) / bucketLength
        guard time >= start, bucket < carriedBytes.count else { return }
        carriedBytes[Int(bucket)] += Double(bytes)
    }

    /// Counts the payload of a data packet.
    func sent(_ datagram: [UInt8], overhead: Int) {
        sentBytes += UInt64(datagram.count + overhead)
        let bytes = unsafe datagram.span.bytes
        guard let header = try? PacketHeader(parsing: bytes), header.type == .data else { return }
        let body = bytes.extracting(PacketHeader.byteCount..<bytes.byteCount)
        guard var reader = try? BlockReader(body: body) else { return }
        while let block = try? reader.next(in: body) { payloadBytes += UInt64(block.payload.count) }
    }
}
