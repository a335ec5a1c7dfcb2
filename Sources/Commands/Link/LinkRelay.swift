import LinkSimulation
import NIOCore
import NIOPosix

/// A bad link in real time: UDP datagrams from any number of clients go to one target through a ``LinkModel``, and
/// the answers come back.
///
/// Each client gets a socket of its own towards the target, as behind a NAT. All clients share the link.
final class LinkRelay: Sendable {
    /// What the relay does.
    struct Configuration: Sendable {
        /// Where clients send to.
        var listen: SocketAddress
        /// Where their datagrams go.
        var target: SocketAddress
        /// The link from the clients to the target; a schedule starts with the relay.
        var forward: LinkModel.Configuration
        /// The link that answers take.
        var backward: LinkModel.Configuration
        /// The seed of random loss.
        var seed: UInt64
    }

    /// Host and port in text and number.
    struct Address: Sendable, Hashable {
        let host: String
        let port: Int
    }

    /// The address that clients send to.
    let address: Address
    private let loop: any EventLoop
    private let core: NIOLoopBound<LinkRelayCore>
    private let listener: any Channel

    private init(address: Address, core: NIOLoopBound<LinkRelayCore>, listener: any Channel) {
        self.address = address
        self.loop = listener.eventLoop
        self.core = core
        self.listener = listener
    }

    /// Opens the relay's socket and starts relaying on `loop`.
    static func start(_ configuration: Configuration, on loop: any EventLoop) -> EventLoopFuture<LinkRelay> {
        loop.flatSubmit {
            let core = NIOLoopBound(LinkRelayCore(configuration: configuration, loop: loop), eventLoop: loop)
            return DatagramBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = DatagramHandler { core.value.receiveFromClient($0) }
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .bind(to: configuration.listen)
                .flatMapThrowing { listener in
                    core.value.listener = listener
                    guard let bound = listener.localAddress, let host = bound.ipAddress, let port = bound.port
                    else { throw ChannelError.unknownLocalAddress }
                    return LinkRelay(address: Address(host: host, port: port), core: core, listener: listener)
                }
        }
    }

    /// Replaces the link towards the target; a schedule starts now. What is on its way arrives as it would have.
    func replaceForwardLink(_ configuration: LinkModel.Configuration) -> EventLoopFuture<Void> {
        loop.submit { self.core.value.replaceForwardLink(configuration) }
    }

    /// What the relay did so far.
    func counters() -> EventLoopFuture<LinkRelayCounters> {
        loop.submit { self.core.value.counters }
    }

    /// Fulfilled when the relay has stopped.
    var stopped: EventLoopFuture<Void> { listener.closeFuture }

    /// Closes all sockets; what is on its way is lost.
    func stop() -> EventLoopFuture<Void> {
        loop.flatSubmit {
            self.core.value.stop()
            return self.listener.close()
        }
    }
}
