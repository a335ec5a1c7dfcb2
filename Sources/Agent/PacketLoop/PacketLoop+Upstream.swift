import AgentCore
import LinkControl
import Logging
import NIOCore
import NIOPosix
import ServiceHost
import WireFormat

extension PacketLoop {
    /// What is known about the upstream's name.
    struct Resolution {
        /// Whether an answer is awaited.
        var isRunning = false
        /// When to ask again.
        var next: MonotonicInstant?
        /// The address that was last chosen, whether it could be opened or not.
        var chosen: SocketAddress?
        /// The address that the last socket was open to, and the one that it sent from.
        var path: (upstream: SocketAddress, local: SocketAddress?)?
        /// Why packets go nowhere, or may soon.
        var problem: String?
    }

    /// Time from one resolution to the next, while all is well and while it is not.
    private static let resolutionInterval = (healthy: Duration.seconds(30), failing: Duration.seconds(5))

    /// Begins to look after the upstream and the clock; goes on until the loop ends.
    func start() {
        keepHouse()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleRepeatedTask(
            initialDelay: TimeAmount(housekeepingInterval), delay: TimeAmount(housekeepingInterval)
        ) { _ in bound.value.keepHouse() }
    }

    /// The upstream's socket gave an error.
    func upstreamFailed() {
        core.upstreamUnreachable(now: SystemClock.now())
    }

    /// A channel to the upstream is gone; the next look after the upstream opens another one.
    func upstreamClosed(_ channel: any Channel) {
        guard let socket, socket.channel === channel else { return }
        self.socket = nil
        resolution.next = nil
    }

    private func keepHouse() {
        core.clockSynced = SystemClock.isSynchronized()
        core.readClock(wall: SystemClock.wall(), now: SystemClock.now())
        watchNetwork()
        resolveIfDue()
        pump()
    }

    private func resolveIfDue() {
        let now = SystemClock.now()
        guard !resolution.isRunning, !core.isDrained else { return }
        if let next = resolution.next, next > now { return }
        resolution.isRunning = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        NameResolver.resolve(upstream, on: eventLoop).whenComplete { result in
            bound.value.resolved(result.flatMap { $0.mapError { $0 } })
        }
    }

    private func resolved(_ result: Result<[SocketAddress], any Error>) {
        resolution.isRunning = false
        let phase = core.status(now: SystemClock.now()).phase
        do {
            let address = try UpstreamAddress.choose(
                from: result.get(), present: resolution.chosen, isAnswering: phase != .connecting,
                for: "\(upstream)")
            resolution.chosen = address
            note(problem: nil)
            if address != socket?.address { try open(address) }
        } catch {
            counts.failedResolutions += 1
            // Whose name cannot be resolved just now is still where it was; a forbidden address is not used.
            if case UpstreamAddress.Problem.notLoopback = error { closeSocket() }
            note(problem: "\(error)")
            if socket == nil { upstreamFailed() }
        }
        let interval = Self.resolutionInterval
        resolution.next = SystemClock.now() + (phase == .established ? interval.healthy : interval.failing)
        pump()
    }

    func open(_ address: SocketAddress) throws {
        let opened = try UpstreamSocket(connectedTo: address)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let future = DatagramBootstrap(group: eventLoop)
            .channelOption(.maxMessagesPerRead, value: 16)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(UpstreamReader(loop: bound.value))
                }
            }
            .withBoundSocket(opened.descriptor)
        future.whenComplete { result in
            switch result {
            case .success(let channel): bound.value.opened(opened, address, channel)
            case .failure(let error): bound.value.note(problem: "\(error)")
            }
        }
    }

    private func opened(_ opened: UpstreamSocket, _ address: SocketAddress, _ channel: any Channel) {
        closeSocket()
        socket = (opened, address, channel)
        // A socket that the system closed is opened again without a word: the path is the same.
        let local = opened.localAddress
        noteInterface(of: local)
        let former = resolution.path
        if address != former?.upstream || local?.withoutPort != former?.local?.withoutPort {
            if former != nil { counts.pathChanges += 1 }
            resolution.path = (address, local)
            logger.info(
                "packets go to the upstream",
                metadata: [
                    "address": "\(PeerAddress(address)?.description ?? "unknown")",
                    "from": "\(local?.ipAddress ?? "unknown")",
                ])
            core.pathChanged(now: SystemClock.now())
        }
        pump()
    }

    /// Closes the socket; nothing is sent through it from here on.
    func closeSocket() {
        guard let old = socket else { return }
        socket = nil
        old.channel.close(promise: nil)
    }

    private func note(problem: String?) {
        guard resolution.problem != problem else { return }
        resolution.problem = problem
        if let problem { logger.error("\(problem)") }
    }
}
