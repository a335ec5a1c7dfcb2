internal import Bundles
internal import WireFormat

/// What a collector core keeps of an agent after its first hello.
///
/// A class so that the tables by connection and by deadline can name it without copying kilobytes of windows.
final class Session {
    let connection: ConnectionID
    let agent: ConnectionID
    let gateway: String
    let run: RunID
    let wallAtTickZero: WallTime
    let streamCount: Int
    let opened: MonotonicInstant

    var path: ReturnPath
    var lastArrival: MonotonicInstant
    var clockSynced = false

    /// Which packets came, to refuse copies; and when, for reports.
    var packets = SequenceWindow()
    var arrivals = ArrivalHistory()

    /// Announced streams by index; nil where a hello is still missing.
    var announcements: [Announcement?] = []

    /// Bundles by the session's number.
    var bundles: [BundleDecoder] = []

    /// Streams that the next accepts are for, in the order of asking.
    var pendingAccepts: [Range<Int>] = []

    /// The reason to tell the agent before the session goes.
    var closing: CloseReason?

    var reportInterval: Duration
    var reportIsScheduled = false
    var lastReport: (sent: MonotonicInstant, newest: UInt32, received: UInt64)?

    private var tickReference: (tick: Tick, instant: MonotonicInstant)
    private var nextSequence: UInt32 = 0

    init(handshake: Handshake, hello: Hello, reportInterval: Duration, now: MonotonicInstant) {
        connection = handshake.collector
        agent = handshake.agent
        gateway = hello.gateway
        run = hello.run
        wallAtTickZero = hello.wallAtTickZero
        streamCount = hello.streamCount
        opened = now
        path = ReturnPath(proved: handshake.address)
        lastArrival = now
        self.reportInterval = reportInterval
        tickReference = (hello.sendTick, now)
    }

    /// The header of the next packet to the agent.
    func nextHeader(_ type: PacketType) -> PacketHeader {
        defer { nextSequence &+= 1 }
        return PacketHeader(type: type, connection: agent, sequence: nextSequence)
    }

    /// The whole tick that a packet was sent at: of those with these low bits the nearest to what the clock here
    /// makes of the newest packet's.
    func sendTick(low24: UInt32, isNewest: Bool, now: MonotonicInstant) -> Tick {
        let elapsed = tickReference.instant.duration(to: now).wholeNanoseconds / Tick.nanoseconds
        let expected = tickReference.tick.advanced(by: elapsed)
        let tick = Tick(low24: low24, near: expected)
        // Clocks drift apart slowly; a packet minutes off must not move what later ones are held against.
        if isNewest, abs(tick.count - expected.count) < Self.maximumTickStep { tickReference = (tick, now) }
        return tick
    }

    /// Four minutes: more than any delay, less than the range in which ticks can be told apart.
    private static let maximumTickStep: Int64 = 1 << 20

    /// Takes the tick of a hello as it is.
    func setTick(_ tick: Tick, now: MonotonicInstant) {
        tickReference = (tick, now)
    }

    /// Goes on where another session of the same run was. What frame numbers' low bits mean is learnt anew: it
    /// went by the other session's packet numbers.
    func takeOver(_ other: Session) {
        announcements = Array(other.announcements.prefix(streamCount))
        bundles = other.bundles
        for announcement in announcements {
            if case .accepted(let stream)? = announcement?.decision { stream.history = SequenceHistory() }
        }
    }

    /// The accepted stream of a number, or why there is none.
    func stream(_ number: UInt16) -> Result<Stream, StreamFailure> {
        let index = Int(number)
        guard index < announcements.count, let announcement = announcements[index] else {
            return .failure(.unknown)
        }
        switch announcement.decision {
        case .accepted(let stream): return .success(stream)
        case .refused: return .failure(.refused)
        }
    }

    /// Why a block has no stream.
    enum StreamFailure: Error {
        case unknown
        case refused
    }

    var status: SessionStatus {
        SessionStatus(
            gateway: gateway, run: run, connection: connection, address: path.address,
            clockSynced: clockSynced,
            opened: opened, lastArrival: lastArrival, packetsReceived: arrivals.received,
            packetsLost: arrivals.lost, streams: announcements.compactMap { $0?.status })
    }
}
