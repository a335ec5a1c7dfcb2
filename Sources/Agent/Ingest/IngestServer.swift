import NIOCore
import NIOPosix
import ServiceHost

/// Accepts producers on the packet loop.
enum IngestServer {
    /// Serves `listener` until the registry stops accepting.
    static func start(
        _ listener: UnixListener, limits: IngestLimits, on loop: NIOLoopBound<PacketLoop>,
        _ eventLoop: any EventLoop
    ) async throws {
        let channel = try await ServerBootstrap(group: eventLoop)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        IngestConnection(loop: loop.value, limits: limits))
                }
            }
            .withBoundSocket(listener.descriptor)
            .get()
        try await eventLoop.submit { loop.value.ingest.listens(channel) }.get()
    }
}
