import NIOCore

/// Hands the datagrams of a channel to a closure and ignores errors, which on a datagram socket are hints.
final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let receive: (AddressedEnvelope<ByteBuffer>) -> Void

    init(receive: @escaping (AddressedEnvelope<ByteBuffer>) -> Void) {
        self.receive = receive
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receive(unwrapInboundIn(data))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}
