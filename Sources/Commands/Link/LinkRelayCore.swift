import LinkSimulation
import NIOCore
import NIOPosix

/// The relay's state, which lives on one event loop.
final class LinkRelayCore {
    /// One client with its socket towards the target.
    private final class Client {
        let address: SocketAddress
        let channel: EventLoopFuture<any Channel>
        var lastUse: NIODeadline

        init(address: SocketAddress, channel: EventLoopFuture<any Channel>, lastUse: NIODeadline) {
            self.address = address
            self.channel = channel
            self.lastUse = lastUse
        }
    }

    private static let maximumClients = 64
    /// A client that sent nothing for this long gives way to a new one.
    private static let idleTime = TimeAmount.seconds(60)

    /// The socket that clients send to.
    var listener: (any Channel)?

    private let configuration: LinkRelay.Configuration
    private let loop: any EventLoop
    private let overhead: Int
    private var clients: [SocketAddress: Client] = [:]
    private var forward: DelayLine<Client>
    private var backward: DelayLine<SocketAddress>
    private var droppedClients: UInt64 = 0
    private var timer: (due: NIODeadline, task: Scheduled<Void>)?

    init(configuration: LinkRelay.Configuration, loop: any EventLoop) {
        self.configuration = configuration
        self.loop = loop
        // The headers of IP and UDP.
        overhead = configuration.target.protocol == .inet6 ? 48 : 28
        let now = NIODeadline.now()
        forward = DelayLine(configuration.forward, seed: configuration.seed, now: now)
        backward = DelayLine(configuration.backward, seed: configuration.seed, now: now)
    }

    var counters: LinkRelayCounters {
        LinkRelayCounters(
            forward: forward.counters, backward: backward.counters, clients: clients.count,
            droppedClients: droppedClients, droppedInFlight: forward.droppedItems + backward.droppedItems)
    }

    func replaceForwardLink(_ link: LinkModel.Configuration) {
        forward.replaceLink(link, seed: configuration.seed, now: .now())
    }

    /// Takes a datagram from a client.
    func receiveFromClient(_ envelope: AddressedEnvelope<ByteBuffer>) {
        let now = NIODeadline.now()
        guard let client = client(at: envelope.remoteAddress, now: now) else {
            droppedClients += 1
            return
        }
        client.lastUse = now
        forward.send(envelope.data, to: client, overhead: overhead, now: now)
        deliver()
    }

    /// Forgets all clients and closes their sockets.
    func stop() {
        timer?.task.cancel()
        timer = nil
        for client in clients.values { close(client) }
        clients = [:]
    }

    private func receiveFromTarget(_ envelope: AddressedEnvelope<ByteBuffer>, client: SocketAddress) {
        guard envelope.remoteAddress == configuration.target else { return }
        backward.send(envelope.data, to: client, overhead: overhead, now: .now())
        deliver()
    }

    // MARK: - Delivery

    /// Sends what is due and sets the timer for what is not.
    private func deliver() {
        let now = NIODeadline.now()
        while let item = forward.next(now: now) {
            let envelope = AddressedEnvelope(remoteAddress: configuration.target, data: item.payload)
            item.destination.channel.whenSuccess { $0.writeAndFlush(envelope, promise: nil) }
        }
        while let item = backward.next(now: now) {
            listener?.writeAndFlush(
                AddressedEnvelope(remoteAddress: item.destination, data: item.payload), promise: nil)
        }
        guard let due = [forward.nextDeadline, backward.nextDeadline].compactMap(\.self).min() else { return }
        if let timer {
            if timer.due <= due { return }
            timer.task.cancel()
        }
        let task = loop.assumeIsolated().scheduleTask(deadline: due) {
            self.timer = nil
            self.deliver()
        }
        timer = (due, task)
    }

    // MARK: - Clients

    private func client(at address: SocketAddress, now: NIODeadline) -> Client? {
        if let client = clients[address] { return client }
        if clients.count >= Self.maximumClients {
            guard let oldest = clients.values.min(by: { $0.lastUse < $1.lastUse }),
                oldest.lastUse + Self.idleTime < now
            else { return nil }
            clients[oldest.address] = nil
            close(oldest)
        }
        let client = Client(address: address, channel: openSocket(for: address), lastUse: now)
        clients[address] = client
        return client
    }

    private func openSocket(for client: SocketAddress) -> EventLoopFuture<any Channel> {
        let core = NIOLoopBound(self, eventLoop: loop)
        // Not connected: a target that is not there (yet) must not make errors of the socket.
        let host = configuration.target.protocol == .inet6 ? "::" : "0.0.0.0"
        return DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = DatagramHandler { core.value.receiveFromTarget($0, client: client) }
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: host, port: 0)
    }

    private func close(_ client: Client) {
        client.channel.whenSuccess { $0.close(promise: nil) }
    }
}
