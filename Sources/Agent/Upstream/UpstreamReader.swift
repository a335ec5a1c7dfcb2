import NIOCore

/// Gives datagrams from the upstream to the packet loop.
final class UpstreamReader: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let loop: PacketLoop

    init(loop: PacketLoop) {
        self.loop = loop
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // The socket is connected: the kernel lets through only what the upstream sent.
        loop.receive(unwrapInboundIn(data).data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        loop.pump()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        loop.upstreamFailed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.upstreamClosed(context.channel)
    }
}
