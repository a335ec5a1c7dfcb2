import AgentCore
import Logging
import NIOCore
import NIOPosix
import Quantization
import ServiceHost
import Settings
import WireFormat

/// The packet path: everything between the ingest sockets and the upstream, on one event loop, without locks.
///
/// Only that loop may touch it.
final class PacketLoop {
    /// What the loop is made of.
    struct Parts {
        var core: AgentCoreConfiguration
        var upstream: NetworkAddress
        /// Where the byte budget's count is kept, if there is one to keep.
        var budgetFile: ByteBudgetFile?
        var progress: ProgressCounter
        /// How often the loop looks after itself; at the least as often as the watchdog wants to see progress.
        var housekeepingInterval: Duration
        var logger: Logger
    }

    let eventLoop: any EventLoop
    let logger: Logger
    let upstream: NetworkAddress
    let housekeepingInterval: Duration
    var core: AgentCore
    let ingest = IngestRegistry()

    var socket: (socket: UpstreamSocket, address: SocketAddress, channel: any Channel)?
    var resolution = Resolution()
    var network = Network()
    var counts = PacketLoopCounts()
    let budgetFile: ByteBudgetFile?
    /// Why the byte budget's count is in memory only.
    var budgetProblem: String?
    private let progress: ProgressCounter
    private var datagram: ByteBuffer
    private var timer = LoopTimer()
    private var isPumping = false

    /// Makes the loop's state; to be called on `eventLoop`.
    init(_ parts: Parts, on eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        logger = parts.logger
        upstream = parts.upstream
        budgetFile = parts.budgetFile
        progress = parts.progress
        housekeepingInterval = parts.housekeepingInterval
        datagram = ByteBufferAllocator().buffer(capacity: PacketLimits.maximumDatagram)
        var generator = SystemRandomNumberGenerator()
        core = AgentCore(
            configuration: parts.core, run: RunID(generator.next()), seed: generator.next(),
            now: SystemClock.now(), wall: SystemClock.wall(), clockSynced: SystemClock.isSynchronized())
        for stream in parts.core.streams {
            ingest.add(stream: stream.name, dimension: stream.codec.dimension)
        }
    }

    /// Takes a frame from a producer.
    func offer(stream: Int, timestamp: UInt64, frame: Span<Float>) {
        core.offer(
            stream: stream, timestamp: timestamp, frame: frame, now: SystemClock.now(),
            wall: SystemClock.wall())
    }

    /// Takes a datagram from the upstream.
    func receive(_ bytes: ByteBuffer) {
        core.receive(bytes.readableBytesSpan, now: SystemClock.now())
    }

    /// Sends what is to be sent now and sets the timer for what comes next; called after everything that happens.
    func pump() {
        guard !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        let now = SystemClock.now()
        while nextDatagram(now: now) {
            send()
        }
        let deadline = core.nextDeadline(now: now)
        timer.fire(by: deadline, on: eventLoop, TimerHandler(loop: NIOLoopBound(self, eventLoop: eventLoop)))
        progress.advance()
        saveBudgetIfDue()
    }

    /// The loop's state, for people and metrics.
    var snapshot: AgentSnapshot {
        AgentSnapshot(
            gateway: core.configuration.gateway, status: core.status(now: SystemClock.now()),
            clockSynced: core.clockSynced, upstream: "\(upstream)",
            address: socket.flatMap { PeerAddress($0.address)?.description },
            localAddress: socket?.socket.localAddress?.ipAddress, hasCarrier: network.hasCarrier,
            upstreamProblem: resolution.problem, budgetProblem: budgetProblem, counts: counts,
            ingest: ingest.counts)
    }

    private func nextDatagram(now: MonotonicInstant) -> Bool {
        datagram.clear()
        var isWritten = false
        datagram.writeWithOutputRawSpan(minimumWritableBytes: PacketLimits.maximumDatagram) { output in
            isWritten = core.nextDatagram(into: &output, now: now)
        }
        return isWritten
    }

    private func send() {
        guard let socket else {
            counts.withoutUpstream += 1
            return
        }
        switch socket.socket.send(datagram.readableBytesSpan) {
        case .sent: break
        case .lost: counts.lostLocally += 1
        case .tooLarge: counts.tooLarge += 1
        case .unreachable:
            counts.unreachable += 1
            upstreamFailed()
        case .refused:
            counts.refused += 1
            upstreamFailed()
        }
    }

    private struct TimerHandler: NIOScheduledCallbackHandler, Sendable {
        let loop: NIOLoopBound<PacketLoop>

        func handleScheduledCallback(eventLoop: some EventLoop) {
            loop.value.timer.fired()
            loop.value.pump()
        }
    }
}

/// What the packet loop counts besides its core.
struct PacketLoopCounts: Sendable, Hashable {
    /// Packets that went nowhere because the upstream has no address.
    var withoutUpstream: UInt64 = 0
    /// Packets that the machine's own buffers had no room for.
    var lostLocally: UInt64 = 0
    /// Packets that the system had no way for.
    var unreachable: UInt64 = 0
    /// Packets that were not sent since nobody listens where those before went.
    var refused: UInt64 = 0
    /// Packets that are larger than the interface takes.
    var tooLarge: UInt64 = 0
    /// Times that packets began to go another way.
    var pathChanges: UInt64 = 0
    /// Messages of the kernel about its network that are none.
    var networkMalformed: UInt64 = 0
    /// Times that the kernel had more to say of its network than was read.
    var networkOverruns: UInt64 = 0
    /// Attempts to resolve the upstream's name that failed or gave no allowed address.
    var failedResolutions: UInt64 = 0
}
