import Bundles
import CollectorCore
import Logging
import NIOCore
import NIOPosix
import Quantization
import ServiceHost
import WireFormat

/// The collector's packet path: datagrams in, frames to the queue, reports out, on one event loop.
///
/// Only that loop may touch it.
final class ReceiveLoop {
    let eventLoop: any EventLoop
    let logger: Logger
    private let socket: ReceiveSocket
    private let queue: FrameQueue
    private let progress: ProgressCounter
    private var core: CollectorCore
    private var channel: (any Channel)?
    private var datagram: ByteBuffer
    private var timer = LoopTimer()
    private var bundleNames: [BundleIdentity: String] = [:]
    private var received: UInt64 = 0
    private var unsent: UInt64 = 0
    private var isDeaf = false

    /// How long what agents sent before the end is still read.
    private static let readingLimit = Duration.milliseconds(300)
    private static let stoppingStep = TimeAmount.milliseconds(20)

    /// Makes the loop's state; to be called on `eventLoop`.
    init(
        configuration: CollectorCoreConfiguration, bundles: [BundleIdentity: FrameCodec],
        socket: ReceiveSocket,
        queue: FrameQueue, progress: ProgressCounter, logger: Logger, on eventLoop: any EventLoop
    ) {
        self.eventLoop = eventLoop
        self.logger = logger
        self.socket = socket
        self.queue = queue
        self.progress = progress
        datagram = ByteBufferAllocator().buffer(capacity: PacketLimits.maximumDatagram)
        var generator = SystemRandomNumberGenerator()
        core = CollectorCore(configuration: configuration, bundles: bundles, seed: generator.next())
        for identity in bundles.keys { bundleNames[identity] = "\(identity)" }
    }

    /// Reads from the channel from here on, and shows progress at least each `interval`.
    func start(reading channel: any Channel, progressInterval interval: Duration) {
        self.channel = channel
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: TimeAmount(interval)) { _ in
            bound.value.pump()
        }
    }

    /// Takes a datagram.
    func receive(_ bytes: ByteBuffer, from source: SocketAddress) {
        guard let source = PeerAddress(source) else { return }
        received += 1
        core.receive(
            bytes.readableBytesSpan, from: source, now: SystemClock.now(), wall: SystemClock.wall(),
            deliver: deliver)
    }

    /// Takes a new set of bundles.
    func replaceBundles(_ bundles: [BundleIdentity: FrameCodec]) {
        for identity in bundles.keys where bundleNames[identity] == nil {
            bundleNames[identity] = "\(identity)"
        }
        core.replaceBundles(bundles)
        pump()
    }

    /// Sends what is to be sent now and sets the timer; called after everything that happens.
    ///
    /// Without a socket nothing happens any more; if it was not closed here, no progress is shown either.
    func pump() {
        guard channel != nil else {
            if !isDeaf { progress.advance() }
            return
        }
        let now = SystemClock.now()
        while let address = nextDatagram(now: now) {
            if !socket.send(datagram.readableBytesSpan, to: address) { unsent += 1 }
        }
        if let deadline = core.nextDeadline {
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            timer.fire(by: deadline, on: eventLoop, TimerHandler(loop: bound))
        }
        progress.advance()
    }

    /// The channel is gone; if nobody closed it here, the collector hears nothing any more.
    func channelClosed() {
        guard channel != nil else { return }
        channel = nil
        timer.cancel()
        isDeaf = true
        logger.critical("the receiving socket was closed; nothing is received any more")
    }

    /// Reads what has come, tells the agents that the collector stops, and closes the socket.
    func stop() -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        readOn(until: SystemClock.now() + Self.readingLimit, receivedBefore: nil, promise)
        return promise.futureResult
    }

    /// Goes on once no datagram came for a step, or at `end`.
    private func readOn(
        until end: MonotonicInstant, receivedBefore: UInt64?, _ promise: EventLoopPromise<Void>
    ) {
        guard let channel else { return promise.succeed() }
        guard received != receivedBefore, SystemClock.now() < end else {
            core.close()
            pump()
            timer.cancel()
            self.channel = nil
            return channel.close().recover { _ in }.cascade(to: promise)
        }
        let before = received
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.stoppingStep) {
            bound.value.readOn(until: end, receivedBefore: before, promise)
        }
    }

    /// The loop's state, for people and metrics.
    var snapshot: ReceiveSnapshot {
        ReceiveSnapshot(
            status: core.status, now: SystemClock.now(), unsent: unsent, isDeaf: isDeaf,
            kernelDrops: channel == nil ? 0 : UInt64(socket.drops))
    }

    private func deliver(_ frame: DeliveredFrame, _ values: Span<Float>) {
        queue.append(
            series: SeriesKey(
                gateway: frame.gateway, run: frame.run.rawValue, stream: frame.stream, dimension: values.count
            ),
            bundle: bundleNames[frame.bundle] ?? "\(frame.bundle)",
            stamp: FrameStamp(
                sequence: frame.sequence, agentNanoseconds: frame.agentTime.nanoseconds,
                arrivalNanoseconds: frame.arrival.nanoseconds, clockSynced: frame.clockSynced,
                rung: frame.rung),
            values: values)
    }

    private func nextDatagram(now: MonotonicInstant) -> PeerAddress? {
        datagram.clear()
        var address: PeerAddress?
        datagram.writeWithOutputRawSpan(minimumWritableBytes: PacketLimits.maximumDatagram) { output in
            address = core.nextDatagram(into: &output, now: now)
        }
        return address
    }

    private struct TimerHandler: NIOScheduledCallbackHandler, Sendable {
        let loop: NIOLoopBound<ReceiveLoop>

        func handleScheduledCallback(eventLoop: some EventLoop) {
            loop.value.timer.fired()
            loop.value.pump()
        }
    }
}

/// Gives datagrams to the receive loop.
final class DatagramReader: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let loop: ReceiveLoop

    init(loop: ReceiveLoop) {
        self.loop = loop
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        loop.receive(envelope.data, from: envelope.remoteAddress)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        loop.pump()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        loop.logger.warning("error of the receiving socket", metadata: ["error": "\(error)"])
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.channelClosed()
    }
}

/// The receive loop's state at one moment.
struct ReceiveSnapshot: Sendable {
    var status: CollectorStatus
    var now: MonotonicInstant
    /// Datagrams that the system did not take.
    var unsent: UInt64
    /// Whether the system closed the receiving socket.
    var isDeaf: Bool
    /// Datagrams that the kernel threw away because nobody read them in time.
    var kernelDrops: UInt64
}
