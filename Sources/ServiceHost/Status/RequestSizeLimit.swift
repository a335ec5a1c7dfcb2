import NIOCore

/// Closes a connection whose request is larger than allowed. First in the pipeline: it sees bytes.
final class RequestSizeLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let maximum: Int
    private var received = 0

    init(bytes: Int) {
        maximum = bytes
    }

    /// The request is answered; the next one counts from 0.
    func reset() {
        received = 0
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytes
        guard received > maximum else { return context.fireChannelRead(data) }
        let answer =
            "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: answer)), promise: nil)
        context.close(promise: nil)
    }
}
