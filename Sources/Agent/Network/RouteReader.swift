import NIOCore

/// Gives what the kernel says of its network to the packet loop.
final class RouteReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Room for the largest datagram of an rtnetlink socket.
    static let datagramBytes = 32_768

    private let loop: PacketLoop

    init(loop: PacketLoop) {
        self.loop = loop
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        loop.networkChanged(RouteMessages(parsing: bytes.readableBytesSpan))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The kernel had more to say than there was room for; whatever it was, the channel is opened anew.
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.networkWatchEnded()
    }
}
