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
    private var timer: (callback: NIOScheduledCallback, instant: MonotonicInstant)?
    private var bundleNames: [BundleIdentity: String] = [:]
    private var unsent: UInt64 = 0

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
    func pump() {
        let now = SystemClock.now()
        while let address = nextDatagram(now: now) {
            if !socket.send(datagram.readableBytesSpan, to: address) { unsent += 1 }
        }
        setTimer(core.nextDeadline)
        progress.advance()
    }

    /// Tells the agents that the collector stops, and closes the socket.
    func stop() -> EventLoopFuture<Void> {
        core.close()
        pump()
        timer?.callback.cancel()
        guard let channel else { return eventLoop.makeSucceededVoidFuture() }
        self.channel = nil
        return channel.close().recover { _ in }
    }

    /// The loop's state, for people and metrics.
    var snapshot: ReceiveSnapshot {
        ReceiveSnapshot(
            status: core.status, now: SystemClock.now(), unsent: unsent,
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

    private func setTimer(_ instant: MonotonicInstant?) {
        guard let instant else { return }
        if let timer {
            guard instant < timer.instant else { return }
            timer.callback.cancel()
        }
        let handler = TimerHandler(loop: NIOLoopBound(self, eventLoop: eventLoop))
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: instant.nanoseconds))
        timer = (try? eventLoop.scheduleCallback(at: deadline, handler: handler)).map { ($0, instant) }
    }

    private struct TimerHandler: NIOScheduledCallbackHandler, Sendable {
        let loop: NIOLoopBound<ReceiveLoop>

        func handleScheduledCallback(eventLoop: some EventLoop) {
            loop.value.timer = nil
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
}

/// The receive loop's state at one moment.
struct ReceiveSnapshot: Sendable {
    var status: CollectorStatus
    var now: MonotonicInstant
    /// Datagrams that the system did not take.
    var unsent: UInt64
    /// Datagrams that the kernel threw away because nobody read them in time.
    var kernelDrops: UInt64
}
