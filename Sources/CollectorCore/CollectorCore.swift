public import Bundles
internal import DequeModule
public import Quantization
public import WireFormat

/// The collector without its sockets: datagrams in, frames and datagrams out.
///
/// It has no clock, no thread and no memory beyond what its configuration allows. Whoever drives it calls
/// `receive` with each datagram, then `nextDatagram` until it gives nil, and that again when `nextDeadline` has
/// come. Everything goes by the arguments: the same calls give the same results.
///
/// It is used from one thread; it is not `Sendable`, so make it where it is used.
public struct CollectorCore: ~Copyable {
    let configuration: CollectorCoreConfiguration
    var bundles: [BundleIdentity: FrameCodec]

    // One for each bundle in use, of those in `bundles`. Streams keep the ones that they began with.
    var decoders: [BundleIdentity: BundleDecoder] = [:]

    var handshakes: Deque<Handshake> = []
    var sessions: [ConnectionID: Session] = [:]
    var gateways: [String: ConnectionID] = [:]
    var partialFrames = PartialFrames()

    var replies: Deque<Reply> = []
    var ready: Deque<ConnectionID> = []
    var reportDeadlines = DeadlineHeap()
    var nextSweep: MonotonicInstant?
    var resets: (allowance: Int, since: MonotonicInstant?)

    var counters = CollectorCounters()
    var generator: SeededGenerator

    /// Creates a core that has seen nothing.
    ///
    /// - Parameters:
    ///   - configuration: What it allows.
    ///   - bundles: The bundles that streams can be accepted with.
    ///   - seed: Connection ids are drawn from it: random in service, fixed in tests.
    public init(
        configuration: CollectorCoreConfiguration = CollectorCoreConfiguration(),
        bundles: [BundleIdentity: FrameCodec], seed: UInt64
    ) {
        self.configuration = configuration
        self.bundles = bundles
        generator = SeededGenerator(seed: seed)
        resets = (configuration.resetsPerSecond, nil)
    }

    /// When `nextDatagram` is to be called again if nothing comes before; nil when there is nothing to wait for.
    public var nextDeadline: MonotonicInstant? {
        guard let report = reportDeadlines.earliest else { return nextSweep }
        return min(report, nextSweep ?? report)
    }

    /// The state as plain values.
    ///
    /// - Complexity: O(streams of all sessions)
    public var status: CollectorStatus {
        let sessions = sessions.values.map(\.status)
            .sorted { ($0.gateway, $0.connection.rawValue) < ($1.gateway, $1.connection.rawValue) }
        return CollectorStatus(
            counters: counters, sessions: sessions, handshakes: handshakes.count,
            partialFrames: partialFrames.frames.count, bundles: bundles.count)
    }

    /// Takes a new set of bundles, as after a look into their directory. Streams that were refused for want of
    /// theirs are accepted if it is there now, and their agents told. Accepted streams go on with the bundle
    /// that they have even if the set has it no more.
    public mutating func replaceBundles(_ bundles: [BundleIdentity: FrameCodec]) {
        self.bundles = bundles
        decoders = decoders.filter { bundles[$0.key] != nil }
        for connection in sessions.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let session = sessions[connection] else { continue }
            reconsiderRefusals(session)
        }
    }

    /// Ends all sessions: each agent gets a close from the next calls of `nextDatagram`.
    public mutating func close() {
        for connection in sessions.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let session = sessions[connection] else { continue }
            session.closing = .collectorStopping
            ready.append(connection)
        }
    }
}
