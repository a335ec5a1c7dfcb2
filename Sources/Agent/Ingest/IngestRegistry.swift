import NIOCore
import WireFormat

/// The producers' connections of one packet loop: who feeds which stream, and what was counted.
final class IngestRegistry {
    private struct Stream {
        var index: Int
        var dimension: Int
        var producer: ObjectIdentifier?
    }

    private var streams: [String: Stream] = [:]
    private var connections: [ObjectIdentifier: any Channel] = [:]
    private var listener: (any Channel)?
    private(set) var isStopping = false
    private(set) var counts = IngestCounts()
    private var quiet: [IngestError.Reason: (until: MonotonicInstant, unlogged: UInt64)] = [:]

    /// Time from one line of the log to the next about errors of a kind.
    private static let logInterval = Duration.seconds(10)

    /// Adds the stream of the next index.
    func add(stream name: String, dimension: Int) {
        let isNew =
            streams.updateValue(Stream(index: streams.count, dimension: dimension), forKey: name) == nil
        precondition(isNew, "streams have names of their own")
    }

    /// Notes who accepts connections.
    func listens(_ channel: any Channel) {
        listener = channel
    }

    /// Takes a connection in unless there are `limit` of them.
    func enter(_ channel: any Channel, limit: Int) throws(IngestError) {
        guard !isStopping else { throw .stopping }
        guard connections.count < limit else { throw .tooManyConnections(limit: limit) }
        connections[ObjectIdentifier(channel)] = channel
        counts.connections = connections.count
    }

    /// Forgets a connection; its stream may get another producer.
    func leave(_ channel: any Channel) {
        connections[ObjectIdentifier(channel)] = nil
        counts.connections = connections.count
        for (name, stream) in streams where stream.producer == ObjectIdentifier(channel) {
            streams[name]?.producer = nil
        }
    }

    /// Makes a connection the producer of the stream that its header names.
    ///
    /// - Returns: the stream's index.
    func claim(_ header: IngestHeader, for channel: any Channel) throws(IngestError) -> Int {
        guard let stream = streams[header.stream] else { throw .unknownStream(header.stream) }
        guard stream.dimension == header.dimension else {
            throw .wrongDimension(
                stream: header.stream, expected: stream.dimension, found: header.dimension)
        }
        guard stream.producer == nil else { throw .secondProducer(stream: header.stream) }
        streams[header.stream]?.producer = ObjectIdentifier(channel)
        return stream.index
    }

    /// Counts a frame.
    func noteFrame() {
        counts.frames += 1
    }

    /// Counts an error.
    ///
    /// - Returns: nil if it is not to be logged, since one of its kind just was; else how many of its kind were
    ///   not logged before it.
    func note(_ error: IngestError, now: MonotonicInstant) -> UInt64? {
        counts.errors[error.reason, default: 0] += 1
        if let entry = quiet[error.reason], now < entry.until {
            quiet[error.reason] = (entry.until, entry.unlogged + 1)
            return nil
        }
        defer { quiet[error.reason] = (now + Self.logInterval, 0) }
        return quiet[error.reason]?.unlogged ?? 0
    }

    /// Takes no more connections.
    func stopAccepting() {
        isStopping = true
        listener?.close(promise: nil)
        listener = nil
    }

    /// Closes all connections, telling each why.
    func closeConnections() {
        for channel in connections.values {
            channel.pipeline.fireUserInboundEventTriggered(IngestConnection.Stop())
        }
    }
}

/// What the ingest socket counts.
struct IngestCounts: Sendable, Hashable {
    /// Open connections.
    var connections = 0
    /// Frames read.
    var frames: UInt64 = 0
    /// Connections that were refused or closed for an error.
    var errors: [IngestError.Reason: UInt64] = [:]
}
