public import NIOCore
private import NIOHTTP1
private import NIOPosix
public import ServiceLifecycle

/// HTTP/1.1 on a Unix socket, for curl, Prometheus and `weir status`.
public struct StatusServer: Service {
    /// Answers a request; nil is answered with 404.
    public typealias Route = @Sendable (StatusRequest) async -> StatusResponse?

    /// What one client may take.
    public struct Limits: Sendable {
        /// Connections served at once; further ones are closed.
        public var connections: Int
        /// Bytes of one request, headers included.
        public var requestBytes: Int
        /// From the start of a connection or the last answer to the end of the next answer.
        public var requestTime: Duration

        /// Creates limits.
        public init(connections: Int = 16, requestBytes: Int = 8192, requestTime: Duration = .seconds(5)) {
            self.connections = connections
            self.requestBytes = requestBytes
            self.requestTime = requestTime
        }
    }

    private let channel: any Channel
    private let listener: UnixListener

    /// Serves `listener` on one event loop of `group`. From here on requests are answered; `run` only waits
    /// for the end, then closes and removes the socket.
    public static func start(
        _ listener: UnixListener, on group: any EventLoopGroup, limits: Limits = Limits(),
        route: @escaping Route
    ) async throws -> StatusServer {
        let eventLoop = group.next()
        let count = ConnectionCount(maximum: limits.connections)
        let channel = try await ServerBootstrap(group: eventLoop)
            .childChannelInitializer { channel in
                guard count.enter() else { return channel.close() }
                channel.closeFuture.whenComplete { _ in count.leave() }
                return channel.eventLoop.makeCompletedFuture {
                    try configure(channel.pipeline.syncOperations, limits, route)
                }
            }
            .withBoundSocket(listener.descriptor)
            .get()
        return StatusServer(channel: channel, listener: listener)
    }

    /// Runs until the task is cancelled or a graceful shutdown begins.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            let (forever, continuation) = AsyncStream.makeStream(of: Void.self)
            await withTaskCancellationHandler {
                for await _ in forever {}
            } onCancel: {
                continuation.finish()
            }
        }
        listener.removeFile()
        try? await channel.close()
    }

    private static func configure(
        _ pipeline: ChannelPipeline.SynchronousOperations, _ limits: Limits, _ route: @escaping Route
    ) throws {
        let size = RequestSizeLimit(bytes: limits.requestBytes)
        try pipeline.addHandler(size)
        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
        try pipeline.addHandler(StatusConnection(size: size, time: limits.requestTime, route: route))
    }
}
