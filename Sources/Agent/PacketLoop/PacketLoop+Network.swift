import AgentCore
import CLinux
import Logging
import NIOCore
import NIOPosix
import ServiceHost
import WireFormat

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension PacketLoop {
    /// What is known of the machine's network.
    struct Network {
        /// Whether the kernel tells of changes.
        var isWatched = false
        /// Whether a look at the path to the upstream is due.
        var isLookDue = false
        /// The interface that packets leave by; nil while it is not known.
        var interface: UInt32?
        /// Whether it has a carrier; nil until the kernel said so.
        var hasCarrier: Bool?
        /// Why the kernel tells nothing.
        var problem: String?
    }

    /// Time from a change to the look at what it changed: changes come in flocks.
    private static let settling = TimeAmount.milliseconds(50)

    /// Sees to it that the kernel tells of changes.
    func watchNetwork() {
        guard !network.isWatched, !core.isDrained else { return }
        let descriptor = weir_route_socket()
        guard descriptor >= 0 else {
            note(networkProblem: IOError(errnoCode: errno, reason: "rtnetlink").description)
            return
        }
        network.isWatched = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        NIOPipeBootstrap(group: eventLoop)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: RouteReader.datagramBytes)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RouteReader(loop: bound.value))
                }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
            .whenFailure { error in
                close(descriptor)
                bound.value.network.isWatched = false
                bound.value.note(networkProblem: "\(error)")
            }
    }

    /// The kernel says no more; the next look after the house asks it again.
    func networkWatchEnded() {
        network.isWatched = false
        counts.networkOverruns += 1
        lookSoon()
    }

    /// Takes what the kernel said. Nothing is concluded from it but that it is time to look, and whether the
    /// interface in use has a carrier.
    func networkChanged(_ messages: RouteMessages) {
        counts.networkMalformed += UInt64(messages.malformed)
        for event in messages.events {
            if case .link(let index, let isUp) = event, index == network.interface, isUp != network.hasCarrier
            {
                network.hasCarrier = isUp
                logger.info("the uplink's carrier \(isUp ? "is there" : "is gone")")
                core.carrierChanged(isUp: isUp, now: SystemClock.now())
                pump()
            }
        }
        if !messages.events.isEmpty { lookSoon() }
    }

    /// Notes the interface that the socket's packets leave by.
    func noteInterface(of local: SocketAddress?) {
        guard let address = local.flatMap({ PeerAddress($0) }) else { return }
        let index = weir_interface_with_address(address.family == .ipv6 ? 1 : 0, address.high, address.low)
        guard index != 0, index != network.interface else { return }
        network.interface = index
        network.hasCarrier = nil
    }

    private func lookSoon() {
        guard !network.isLookDue else { return }
        network.isLookDue = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.settling) { bound.value.look() }
    }

    /// Looks whether packets would leave from another address now: then from a socket of that address, since a
    /// connected one keeps its own.
    private func look() {
        network.isLookDue = false
        guard let socket, !core.isDrained else { return }
        do {
            let probe = try UpstreamSocket(connectedTo: socket.address)
            let local = probe.localAddress
            probe.close()
            guard let local else { return }
            guard local.withoutPort != socket.socket.localAddress?.withoutPort else {
                return noteInterface(of: local)
            }
            try open(socket.address)
        } catch {
            upstreamFailed()
        }
        pump()
    }

    private func note(networkProblem problem: String) {
        guard network.problem == nil else { return }
        network.problem = problem
        logger.notice(
            "changes of the network are noticed late: the kernel does not tell of them",
            metadata: ["problem": "\(problem)"])
    }
}
