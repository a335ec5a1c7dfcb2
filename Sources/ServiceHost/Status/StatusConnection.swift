import NIOCore
import NIOHTTP1

/// Answers the requests of one connection, one after the other.
final class StatusConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let size: RequestSizeLimit
    private let time: TimeAmount
    private let route: StatusServer.Route
    private var head: HTTPRequestHead?
    private var deadline: Scheduled<Void>?

    init(size: RequestSizeLimit, time: Duration, route: @escaping StatusServer.Route) {
        self.size = size
        self.time = TimeAmount(time)
        self.route = route
    }

    func handlerAdded(context: ChannelHandlerContext) {
        startDeadline(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A malformed request has its 400 already.
        context.close(promise: nil)
    }

    /// One deadline covers a client that sends nothing, sends slowly, or does not read.
    private func startDeadline(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .GET || head.method == .HEAD else {
            let response = StatusResponse.text("only GET and HEAD are allowed", code: 405)
            return write(response, to: head, context)
        }
        let request = StatusRequest(target: head.uri)
        let promise = context.eventLoop.makePromise(of: StatusResponse.self)
        let route = self.route
        promise.completeWithTask { await route(request) ?? .text("there is nothing at this path", code: 404) }
        promise.futureResult.assumeIsolated().whenSuccess { self.write($0, to: head, context) }
    }

    private func write(
        _ response: StatusResponse, to request: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        var headers = HTTPHeaders([
            ("Content-Type", response.contentType), ("Content-Length", "\(response.body.count)"),
        ])
        if response.code == 405 { headers.add(name: "Allow", value: "GET, HEAD") }
        if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: response.code), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            let body = context.channel.allocator.buffer(bytes: response.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess {
            self.size.reset()
            if request.isKeepAlive {
                self.startDeadline(context)
            } else {
                context.close(promise: nil)
            }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }
}
