import Logging
import NIOCore
import NIOPosix
import ServiceHost

/// One producer's connection.
///
/// Frames go on as they are read; the agent never writes more than two short lines, so that a client that does not
/// read them holds up nobody.
final class IngestConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The agent stops.
    struct Stop: Sendable {}

    private static let framesBetweenPumps: UInt64 = 64

    private let loop: PacketLoop
    private let limits: IngestLimits
    private var parser = IngestParser()
    private var stream: Int?
    private var headerTimeout: Scheduled<Void>?
    private var isEnded = false

    init(loop: PacketLoop, limits: IngestLimits) {
        self.loop = loop
        self.limits = limits
    }

    func channelActive(context: ChannelHandlerContext) {
        do {
            try loop.ingest.enter(context.channel, limit: limits.connections)
        } catch {
            return end(context, error)
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        headerTimeout = context.eventLoop.scheduleTask(in: TimeAmount(limits.headerTime)) {
            let (connection, context) = bound.value
            connection.end(context, .headerTimeout)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnded else { return }
        let bytes = unwrapInboundIn(data)
        var offset = 0
        read: while !isEnded {
            switch parser.next(bytes.readableBytesSpan, from: &offset) {
            case .needsBytes: break read
            case .header(let header): begin(context, header)
            case .frame(let timestamp): offer(timestamp)
            case .failure(let error): end(context, error)
            }
        }
        loop.pump()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            // The producer has said all; by closing we say that all was read.
            guard !isEnded else { return }
            if let error = parser.errorAtEnd { return end(context, error) }
            context.close(promise: nil)
        case is Stop: end(context, .stopping)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isEnded, let error = parser.errorAtEnd { note(error) }
        isEnded = true
        headerTimeout?.cancel()
        loop.ingest.leave(context.channel)
        loop.pump()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func begin(_ context: ChannelHandlerContext, _ header: IngestHeader) {
        do {
            stream = try loop.ingest.claim(header, for: context.channel)
        } catch {
            return end(context, error)
        }
        headerTimeout?.cancel()
        headerTimeout = nil
        parser.accept(dimension: header.dimension)
        write(context, #"{"ok":true}"#, promise: nil)
    }

    private func offer(_ timestamp: UInt64) {
        guard let stream else { preconditionFailure("frames come after the header") }
        loop.offer(stream: stream, timestamp: timestamp, frame: parser.values.span)
        loop.ingest.noteFrame()
        // One read may bring more small frames than can wait; what fills a packet goes at once.
        if loop.ingest.counts.frames.isMultiple(of: Self.framesBetweenPumps) { loop.pump() }
    }

    /// Says what is wrong and closes.
    private func end(_ context: ChannelHandlerContext, _ error: IngestError) {
        guard !isEnded else { return }
        isEnded = true
        note(error)
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        write(context, error.jsonLine, promise: promise)
    }

    private func note(_ error: IngestError) {
        guard let unlogged = loop.ingest.note(error, now: SystemClock.now()), error != .stopping else {
            return
        }
        var metadata: Logger.Metadata = ["error": "\(error)"]
        if unlogged > 0 { metadata["unlogged"] = "\(unlogged) more of this kind" }
        loop.logger.info("producer's connection ended", metadata: metadata)
    }

    private func write(_ context: ChannelHandlerContext, _ line: String, promise: EventLoopPromise<Void>?) {
        var buffer = context.channel.allocator.buffer(capacity: line.utf8.count + 1)
        buffer.writeString(line)
        buffer.writeInteger(UInt8(ascii: "\n"))
        context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
    }
}

/// What producers may take.
struct IngestLimits: Sendable {
    /// Connections at once.
    var connections: Int
    /// Time from the connection to the end of the first line.
    var headerTime: Duration = .seconds(10)
}
