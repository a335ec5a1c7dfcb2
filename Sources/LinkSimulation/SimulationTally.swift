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
    /// IP-level bytes of the agents' packets that got through the link, by when, for each bucket of time.
    private(set) var carriedBytes: [Int]
    /// The length of a bucket in nanoseconds.
    let bucketLength: Int64
    /// What was sent after the warm-up.
    private(set) var sent = SentBytes()
    /// IP-level bytes that each agent, and each competing flow, got through the link between the warm-up and the end.
    private(set) var agentBytes: [Int]
    private(set) var competingBytes: [Int]
    /// Nanoseconds that packets sent since the warm-up were in the bottleneck and its queue.
    private(set) var queueTimes: [Int64] = []
    private let frames: PlayedFrames

    /// Who sent a packet.
    enum Sender {
        case agent(Int)
        case competing(Int)
    }

    /// IP-level bytes.
    struct SentBytes {
        /// In both directions.
        var total = 0
        /// Of coded frames.
        var payload = 0
        /// Of coded frames that were sent before.
        var repair = 0
    }

    private let configuration: SimulationConfiguration
    private let start: Int64
    private let measuredFrom: Int64
    private let end: Int64

    /// Starts with no frames; `start` is when the first is offered.
    init(configuration: SimulationConfiguration, start: Int64) {
        self.configuration = configuration
        self.start = start
        measuredFrom = start + configuration.warmUp.wholeNanoseconds
        end = start + configuration.duration.wholeNanoseconds
        frames = PlayedFrames(configuration.frames, mean: configuration.bundle.codec.normalization.mean)
        records = Array(repeating: [], count: configuration.totalStreams)
        for stream in records.indices { records[stream].reserveCapacity(configuration.framesPerStream) }
        let length = configuration.duration.wholeNanoseconds
        // As many as a picture can show, but not shorter than half a second.
        bucketLength = max(500_000_000, (length / 400 / 500_000_000) * 500_000_000)
        carriedBytes = Array(repeating: 0, count: Int((length + bucketLength - 1) / bucketLength))
        agentBytes = Array(repeating: 0, count: configuration.agentCount)
        competingBytes = Array(repeating: 0, count: configuration.competingFlows)
    }

    /// Notes that a stream's next frame was offered.
    func offered(stream: Int, at now: Int64) {
        records[stream].append(FrameRecord(offered: now))
    }

    /// Notes that a frame arrived, with its rebuilt values.
    func delivered(_ frame: DeliveredFrame, from agent: Int, values: Span<Float>, at time: Int64) {
        let stream = frame.streamIndex * configuration.agentCount + agent
        let sequence = Int(frame.sequence)
        precondition(records[stream][sequence].arrived == nil, "a frame is delivered once")
        let played = configuration.frameIndex(stream: stream, sequence: sequence)
        let squaredError = frames.squaredError(of: values, frame: played)
        records[stream][sequence].arrived = time
        records[stream][sequence].rung = Int16(frame.rung)
        records[stream][sequence].squaredError = squaredError
    }

    /// What the bundle's mean is wrong by for a frame, squared and over all dimensions.
    func meanError(stream: Int, sequence: Int) -> Double {
        frames.meanErrors[configuration.frameIndex(stream: stream, sequence: sequence)]
    }

    /// Notes a packet that gets through the link at `time`.
    func carried(bytes: Int, of sender: Sender, at time: Int64) {
        guard time >= start, time < end else { return }
        switch sender {
        case .agent(let agent):
            carriedBytes[Int((time - start) / bucketLength)] += bytes
            if time >= measuredFrom { agentBytes[agent] += bytes }
        case .competing(let flow):
            if time >= measuredFrom { competingBytes[flow] += bytes }
        }
    }

    /// Notes how long a packet sent now is in the bottleneck and its queue.
    func queued(_ nanoseconds: Int64, at now: Int64) {
        if now >= measuredFrom { queueTimes.append(nanoseconds) }
    }

    /// Counts a packet that the collector sent.
    func sentBack(_ datagram: [UInt8], overhead: Int, at now: Int64) {
        if now >= measuredFrom { sent.total += datagram.count + overhead }
    }

    /// Counts a packet that an agent sent, and what is in it.
    func sent(_ datagram: [UInt8], by agent: Int, overhead: Int, at now: Int64) {
        let isMeasured = now >= measuredFrom
        if isMeasured { sent.total += datagram.count + overhead }
        let bytes = unsafe datagram.span.bytes
        guard let header = try? PacketHeader(parsing: bytes), header.type == .data else { return }
        let body = bytes.extracting(PacketHeader.byteCount..<bytes.byteCount)
        guard var reader = try? BlockReader(body: body) else { return }
        while let block = try? reader.next(in: body) {
            let isRepair = markSent(block.header, by: agent)
            guard isMeasured else { continue }
            sent.payload += block.payload.count
            if isRepair { sent.repair += block.payload.count }
        }
    }

    /// Marks a block's frames as sent; returns whether all of them were before. Parts of large frames are never
    /// told apart from repairs of them, and count as first sent.
    private func markSent(_ header: BlockHeader, by agent: Int) -> Bool {
        let stream = Int(header.stream) * configuration.agentCount + agent
        guard records.indices.contains(stream), header.tokens == nil else { return false }
        let first: Int
        switch header.sequence {
        case .full(let sequence): first = Int(sequence)
        case .low(let low):
            // The newest offered frame that these eight bits can stand for: what waits is never 256 frames old.
            let newest = records[stream].count - 1
            first = newest - (newest - Int(low)) & 0xFF
        }
        let range = max(first, 0)..<min(first + header.frameCount, records[stream].count)
        guard !range.isEmpty else { return false }
        let isRepair = range.allSatisfy { records[stream][$0].isSent }
        for sequence in range { records[stream][sequence].isSent = true }
        return isRepair
    }
}
